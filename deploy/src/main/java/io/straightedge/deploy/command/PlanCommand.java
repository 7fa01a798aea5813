package io.straightedge.deploy.command;

import io.straightedge.deploy.offline.LawSource;
import io.straightedge.deploy.offline.PlanReport;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.publisher.predict.Circumstances;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a budget should buy. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Says what a compute budget should buy by a fitted or a published law: N, D, the loss, how wide the optimum is,"
                    + " and what serving, repeated data, few tokens or a plan of one's own change.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed; the message says why",
            "2:the command line is wrong, or the law cannot be used"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge fit finals.csv --json > fit.json && straightedge plan --law-file fit.json --budget 1e23",
            "  straightedge plan --preset epoch --budget 5.76e23 --inference-tokens 1e13",
            "  straightedge plan --preset epoch --budget 5.76e23 --params 2.8e11 --tokens 3e11    a plan of one's own",
            "  straightedge plan --preset muennighoff-c4 --budget 1e23 --unique-tokens 1e11      epochs over few tokens",
            "  straightedge plan --law-file fit.json --budget 1e23 --overtrain 0.5               half the best size"
        })
final class PlanCommand implements Callable<Integer> {

    @Option(
            names = "--budget",
            paramLabel = "FLOPS",
            description = "Training compute; may be given several times. Default: what --params and --tokens need.")
    private List<Double> budgets = List.of();

    @Option(names = "--law-file", paramLabel = "FILE", description = "What straightedge fit --json printed.")
    private @Nullable Path lawFile;

    @Option(names = "--preset", paramLabel = "NAME", description = "A published law; an unknown name lists them.")
    private @Nullable String preset;

    @Option(names = "--params", paramLabel = "N", description = "Parameters of a plan of one's own, to be judged.")
    private @Nullable Double params;

    @Option(names = "--tokens", paramLabel = "D", description = "Tokens of a plan of one's own.")
    private @Nullable Double tokens;

    @Option(
            names = "--inference-tokens",
            paramLabel = "X",
            description = "Tokens to be served: the model that is as good and cheapest to train and serve together.")
    private @Nullable Double inferenceTokens;

    @Option(
            names = "--unique-tokens",
            paramLabel = "U",
            description = "Different tokens that exist: how often to repeat them.")
    private @Nullable Double uniqueTokens;

    @Option(names = "--max-tokens", paramLabel = "T", description = "Most tokens that can be trained on.")
    private @Nullable Double maxTokens;

    @Option(
            names = "--overtrain",
            paramLabel = "K",
            description = "A model of K times the best size, trained until it is as good; below 1 is over-trained.")
    private @Nullable Double overtrain;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Circumstances known = new Circumstances(inferenceTokens, uniqueTokens, maxTokens, params, tokens);
        PlanReport report = PlanReport.of(source(), asked(), known, overtrain);
        output.print(report, PlanText.of(report));
        return 0;
    }

    private LawSource source() throws IOException {
        if (lawFile != null && preset != null) {
            throw new IllegalArgumentException("--law-file and --preset exclude each other");
        }
        if (lawFile != null) {
            return LawSource.file(lawFile, asked());
        }
        if (preset != null) {
            return LawSource.preset(preset, asked());
        }
        throw new IllegalArgumentException(
                "no law to plan by: fit one to runs of your own (straightedge fit FILE --json"
                        + " > fit.json, then --law-file fit.json), or take a published one with --preset: "
                        + String.join(", ", LawSource.presets()));
    }

    private List<Double> asked() {
        if (!budgets.isEmpty()) {
            return budgets;
        }
        if (params != null && tokens != null) {
            return List.of(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens);
        }
        throw new IllegalArgumentException("no budget: give --budget FLOPS, or a plan with --params and --tokens");
    }
}
