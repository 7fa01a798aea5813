package io.straightedge.deploy.command;

import io.straightedge.ingest.watch.Batch;
import io.straightedge.ingest.watch.Followed;
import io.straightedge.ingest.watch.Follower;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what is there and says what would be sent of it; sends nothing. */
final class DryRun {

    private static final Set<String> NAMES = Set.of("v", "type", "study", "run", "provenance");

    private final Map<String, Run> runs = new LinkedHashMap<>();

    private static final class Run {
        private final Map<String, Long> losses = new TreeMap<>();
        private @Nullable RunManifest manifest;
        private @Nullable LossObservation first;
        private @Nullable LossObservation last;
        private @Nullable RunEnd end;
    }

    /** Prints it; whether there is anything to send. */
    boolean print(Follower follower, OutputOptions output) {
        follower.look();
        read(follower);
        follower.idle();
        follower.end();
        read(follower);
        for (Followed source : follower.followed()) {
            output.say(ofSource(source), textOf(source));
            for (String name : source.runs()) {
                Run run = runs.get(name);
                if (run != null) {
                    output.say(
                            ofRun(name, run, source.missing().get(name)),
                            textOf(name, run, source.missing().get(name)));
                }
            }
        }
        follower.companions()
                .forEach((path, companion) -> output.say(
                        Map.of("file", path, "format", companion.format().name(), "because", companion.because()),
                        path + ": " + companion.format().name() + " (" + companion.because()
                                + "), configuration of the runs beside it"));
        follower.unrecognised()
                .forEach((path, why) ->
                        output.say(Map.of("file", path, "notRecognised", why), path + ": not recognised, " + why));
        return !runs.isEmpty();
    }

    private void read(Follower follower) {
        Batch batch;
        do {
            batch = follower.next();
            batch.events().forEach(this::take);
        } while (!batch.dry());
    }

    private void take(TrainingEvent event) {
        if (event instanceof RunManifest manifest) {
            run(manifest.run()).manifest = manifest;
        } else if (event instanceof LossObservation loss) {
            Run run = run(loss.run());
            run.losses.merge(loss.split(), 1L, Long::sum);
            run.first = run.first == null ? loss : run.first;
            run.last = loss;
        } else if (event instanceof RunEnd end) {
            run(end.run()).end = end;
        }
    }

    private Run run(String name) {
        return runs.computeIfAbsent(name, unused -> new Run());
    }

    private static Map<String, Object> ofSource(Followed source) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", source.source());
        fields.put("format", source.format());
        fields.put("because", source.because());
        fields.put("runs", source.runs());
        fields.put("losses", source.sent());
        fields.put("unreadable", source.unreadable());
        fields.put("incomplete", source.incomplete());
        return fields;
    }

    private static String textOf(Followed source) {
        String text = String.format(
                Locale.ROOT,
                "%s: %s (%s), %,d losses",
                source.source(),
                source.format(),
                WatchView.reason(source.because()),
                source.sent());
        text += source.unreadable() > 0 ? ", " + source.unreadable() + " places that cannot be read" : "";
        return text + (source.incomplete() == null ? "" : ", at the end " + source.incomplete());
    }

    private static Map<String, Object> ofRun(String name, Run run, @Nullable String missing) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("run", name);
        fields.put("losses", run.losses);
        fields.put("first", run.first);
        fields.put("last", run.last);
        fields.put("manifest", run.manifest);
        fields.put("end", run.end);
        fields.put("missing", missing);
        return fields;
    }

    private static String textOf(String name, Run run, @Nullable String missing) {
        List<String> lines = new ArrayList<>();
        StringBuilder counts = new StringBuilder("  run " + name + study(run) + ":");
        run.losses.forEach((split, count) -> counts.append(String.format(Locale.ROOT, " %,d of %s", count, split)));
        lines.add(counts.toString());
        if (run.first != null && run.last != null) {
            lines.add("    from " + point(run.first) + " to " + point(run.last));
        }
        if (run.manifest != null) {
            lines.addAll(textOf(run.manifest));
        }
        if (run.end != null) {
            lines.add("    ended: " + run.end.outcome().name().toLowerCase(Locale.ROOT));
        }
        if (missing != null) {
            lines.add("    " + missing);
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String study(Run run) {
        return run.first == null ? "" : " of study " + run.first.study();
    }

    private static String point(LossObservation loss) {
        return String.format(
                Locale.ROOT,
                "step %,d%s with %s %s",
                loss.step(),
                loss.tokens() == null ? "" : String.format(Locale.ROOT, " (%,.0f tokens)", loss.tokens()),
                loss.split(),
                loss.loss());
    }

    private static List<String> textOf(RunManifest manifest) {
        List<String> lines = new ArrayList<>();
        fields(manifest).forEach((name, value) -> {
            String why = manifest.provenance().get(name);
            boolean empty = Map.of().equals(value) || List.of().equals(value);
            if (!NAMES.contains(name) && !empty) {
                String text = new String(Json.write(value), StandardCharsets.UTF_8);
                lines.add("    " + name + " = " + text + (why == null ? "" : "  (" + why + ")"));
            }
        });
        return lines;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(RunManifest manifest) {
        try {
            return Json.read(Json.write(manifest), Map.class);
        } catch (MessageException e) {
            throw new IllegalStateException("a manifest that was just written cannot be read", e);
        }
    }
}
