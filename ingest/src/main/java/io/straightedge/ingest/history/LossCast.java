package io.straightedge.ingest.history;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs in the LossCast layout: a file of recipes, one line a run, and a file of losses, joined by {@code rid}.
 *
 * <p>Lines of losses without a recipe are left out. O(files) memory.
 */
final class LossCast {

    private static final List<String> RUNS = List.of("rid", "source", "lr", "lr_schedule", "total_steps");
    private static final List<String> POINTS = List.of("rid", "step", "loss");

    private LossCast() {}

    /** Whether a header is that of a file of recipes. */
    static boolean isRuns(List<String> header) {
        return header.containsAll(RUNS);
    }

    /** Whether a header is that of a file of losses. */
    static boolean isPoints(List<String> header) {
        return header.containsAll(POINTS) && !header.contains("run");
    }

    static List<PastRun> read(Path runs, Path points) throws IOException {
        Map<String, Curve> curves = new HashMap<>();
        new Csv(points).lines(POINTS, line -> {
            Double loss = line.number("loss");
            curves.computeIfAbsent(line.needed("rid"), unseen -> new Curve(new ArrayList<>(), new ArrayList<>()))
                    .add(line.count("step"), loss == null ? Double.NaN : loss);
        });
        List<PastRun> read = new ArrayList<>();
        new Csv(runs).lines(RUNS, line -> read.add(run(line, points, curves.get(line.needed("rid")))));
        return read;
    }

    private record Curve(List<Long> steps, List<Double> losses) {
        void add(long step, double loss) {
            steps.add(step);
            losses.add(loss);
        }
    }

    private static PastRun run(Csv.Line line, Path points, @Nullable Curve curve) {
        String source = line.needed("source");
        String name = line.text("run") == null ? line.needed("rid") : line.needed("run");
        Double params = positive(line.number("params"));
        Double layers = positive(line.number("n_layers"));
        Double width = positive(line.number("d_model"));
        Double size = params;
        String group = params == null ? source : Sizes.text(params);
        if (params == null && layers != null && width != null) {
            size = 12 * layers * width * width;
            group = Math.round(layers) + "x" + Math.round(width);
        }
        List<LossObservation> losses = new ArrayList<>();
        for (int i = 0; curve != null && i < curve.steps.size(); i++) {
            losses.add(LossObservation.of(source, name, curve.steps.get(i), curve.losses.get(i)));
        }
        Map<String, Double> hyperparameters = new TreeMap<>();
        Double decay = line.number("weight_decay");
        if (decay != null && Double.isFinite(decay)) {
            hyperparameters.put("weightDecay", decay);
        }
        RunManifest manifest = new RunManifest(
                source,
                name,
                params,
                null,
                null,
                Math.max(1, line.count("total_steps")),
                positive(line.number("batch_tokens")),
                schedule(line),
                null,
                null,
                null,
                null,
                null,
                line.text("optimizer"),
                hyperparameters,
                List.of(),
                null,
                Map.of(),
                Map.of());
        return new PastRun(
                source,
                LossObservation.TRAIN,
                "",
                group,
                size,
                manifest,
                losses,
                positive(line.number("final_loss")),
                new PastRun.Origin(points, line.needed("rid")));
    }

    private static Schedule schedule(Csv.Line line) {
        String name = line.needed("lr_schedule");
        Double lr = positive(line.number("lr"));
        double peak = lr == null ? 1 : lr;
        Double ratio = line.number("final_lr_ratio");
        double last = ratio == null ? 0 : ratio * peak;
        long warmup = line.number("warmup_steps") == null ? 0 : line.count("warmup_steps");
        return switch (name) {
            case "cosine" -> new Schedule(ScheduleKind.COSINE, warmup, peak, last, null, null, List.of());
            case "linear" -> new Schedule(ScheduleKind.LINEAR, warmup, peak, last, null, null, List.of());
            case "constant" -> new Schedule(ScheduleKind.CONSTANT, warmup, peak, null, null, null, List.of());
            case "warmup_stable_warmdown" -> {
                Double down = line.number("warmdown_ratio");
                long start = Math.round((1 - (down == null ? 0 : down)) * line.count("total_steps"));
                yield new Schedule(ScheduleKind.WSD, warmup, peak, last, start, DecayShape.LINEAR, List.of());
            }
            default ->
                throw new IllegalArgumentException(line.where() + "lr_schedule is " + name
                        + ": it must be constant, cosine, linear or warmup_stable_warmdown");
        };
    }

    private static @Nullable Double positive(@Nullable Double value) {
        return value != null && value > 0 && value < Double.POSITIVE_INFINITY ? value : null;
    }
}
