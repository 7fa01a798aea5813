package io.straightedge.deploy.command;

import io.straightedge.ingest.watch.GivenManifests;
import io.straightedge.ingest.watch.Quantity;
import io.straightedge.ingest.watch.ScheduleText;
import io.straightedge.protocol.run.ParameterCount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the files do not say of the runs. */
final class ManifestOptions {

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description =
                    "YAML or JSON: the fields of a run event for all runs (tokensPerStep, plannedSteps, params, schedule"
                            + " ...), and under runs: by name or glob those of some. The options below win over it.")
    private @Nullable Path file;

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            description = "Tokens of one step of all workers, as 4M or 524288.")
    private @Nullable String tokensPerStep;

    @Option(names = "--params", paramLabel = "N", description = "Parameters of the model, as 1.5B.")
    private @Nullable String params;

    @Option(
            names = "--params-count",
            paramLabel = "WHAT",
            description = "What --params counts: non-embedding, total or active.")
    private @Nullable String paramsCount;

    @Option(names = "--planned-steps", paramLabel = "N", description = "Steps at the planned end.")
    private @Nullable String plannedSteps;

    @Option(names = "--planned-tokens", paramLabel = "N", description = "Tokens at the planned end, as 300B.")
    private @Nullable String plannedTokens;

    @Option(
            names = "--sequence-length",
            paramLabel = "N",
            description = "Tokens of one sequence, for logs that count samples.")
    private @Nullable String sequenceLength;

    @Option(
            names = "--schedule",
            paramLabel = "KIND[:WHAT=N,...]",
            description = "Learning-rate schedule, as cosine:warmup=2000,peak=3e-4,final=3e-5 or"
                    + " wsd:warmup=200,decay-start=8000,decay-shape=cosine. Default: inferred from the rates logged.")
    private @Nullable String schedule;

    GivenManifests manifests() throws IOException {
        GivenManifests given = file == null ? GivenManifests.NONE : GivenManifests.read(file);
        given = with(given, "tokensPerStep", "--tokens-per-step", number(tokensPerStep));
        given = with(given, "params", "--params", number(params));
        given = with(given, "paramsCount", "--params-count", count(paramsCount));
        given = with(given, "plannedSteps", "--planned-steps", whole(plannedSteps, "--planned-steps"));
        given = with(given, "plannedTokens", "--planned-tokens", number(plannedTokens));
        given = with(given, "sequenceLength", "--sequence-length", whole(sequenceLength, "--sequence-length"));
        return with(given, "schedule", "--schedule", schedule == null ? null : ScheduleText.fields(schedule));
    }

    private static GivenManifests with(GivenManifests given, String field, String origin, @Nullable Object value) {
        return value == null ? given : given.with(Map.of(field, value), origin);
    }

    private static @Nullable Double number(@Nullable String text) {
        return text == null ? null : Double.valueOf(Quantity.of(text));
    }

    private static @Nullable Long whole(@Nullable String text, String option) {
        if (text == null) {
            return null;
        }
        double number = Quantity.of(text);
        if (number != Math.rint(number)) {
            throw new IllegalArgumentException(option + " is " + text + ": it must be a whole number");
        }
        return (long) number;
    }

    private static @Nullable String count(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (ParameterCount count : ParameterCount.values()) {
            String name = count.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equalsIgnoreCase(text.replace('_', '-'))) {
                return name;
            }
        }
        throw new IllegalArgumentException("--params-count is " + text + ": it must be non-embedding, total or active");
    }
}
