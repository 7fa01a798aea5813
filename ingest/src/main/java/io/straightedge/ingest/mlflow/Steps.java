package io.straightedge.ingest.mlflow;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.protocol.run.LossObservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes observations of the numbers of one run: a loss is given at once, with what has come for its step so far.
 * Not thread-safe.
 */
final class Steps {

    /** In a batch with this, {@code train_loss} is a mean over the whole training. */
    private static final String SUMMARY_MARK = "train_runtime";

    private static final String SUMMARY_LOSS = "train_loss";

    private final Wanted wanted;
    private final Map<String, String> met;
    private final Set<Metric> seen = new HashSet<>();
    private long step = -1;
    private Row row = new Row();

    /**
     * @param columns what the user says: what a number is to its name
     * @param met the same of what has come, which is added to
     */
    Steps(Map<String, String> columns, Map<String, String> met) {
        this.wanted = new Wanted(columns, met);
        this.met = met;
    }

    /** What describes a step beside its losses. */
    private static final class Row {
        private @Nullable Double lr;
        private @Nullable Double gradNorm;
        private @Nullable Double tokens;
        private @Nullable Double samples;
        private @Nullable Long nanIterations;
    }

    /**
     * The losses among the numbers of one request, in their order.
     *
     * @param attempt which attempt of the run they belong to; 0 leaves that to the reader
     * @throws Refused for a loss at a step below zero
     */
    List<LossObservation> take(List<MetricPoint> points, RunInfo run, int attempt, @Nullable Integer sequenceLength) {
        boolean summary = points.stream().anyMatch(point -> point.key().equals(SUMMARY_MARK));
        List<MetricPoint> losses = new ArrayList<>();
        List<Metric> metrics = new ArrayList<>();
        Map<Long, Row> rows = new HashMap<>();
        rows.put(step, row);
        for (MetricPoint point : points) {
            Metric metric = summary && point.key().equals(SUMMARY_LOSS) ? null : wanted.of(point.key());
            if (metric == null) {
                continue;
            }
            if (seen.add(metric)) {
                met.put(metric.column(), point.key());
            }
            step = point.step();
            row = rows.computeIfAbsent(step, unused -> new Row());
            if (metric.role() == Role.LOSS) {
                losses.add(point);
                metrics.add(metric);
            } else {
                describe(row, metric.role(), point.value());
            }
        }
        List<LossObservation> observations = new ArrayList<>(losses.size());
        for (int i = 0; i < losses.size(); i++) {
            MetricPoint loss = losses.get(i);
            Row of = rows.getOrDefault(loss.step(), row);
            observations.add(new LossObservation(
                    run.study(),
                    run.run(),
                    loss.step(),
                    tokens(of, sequenceLength),
                    loss.value(),
                    metrics.get(i).split(),
                    of.lr,
                    of.gradNorm,
                    of.nanIterations,
                    loss.timestamp() == 0 ? null : Instant.ofEpochMilli(loss.timestamp()),
                    attempt == 0 ? null : Integer.valueOf(attempt)));
        }
        return observations;
    }

    private static void describe(Row row, Role role, double value) {
        switch (role) {
            case LR -> row.lr = value;
            case GRAD_NORM -> row.gradNorm = value;
            case TOKENS -> row.tokens = countOrNull(value);
            case SAMPLES -> row.samples = countOrNull(value);
            case NAN_ITERATIONS -> row.nanIterations = Double.isFinite(value) ? Long.valueOf((long) value) : null;
            case LOSS, STEP -> {}
        }
    }

    /** Trainers that do not count log zero. */
    private static @Nullable Double countOrNull(double value) {
        return value > 0 && Double.isFinite(value) ? Double.valueOf(value) : null;
    }

    private static @Nullable Double tokens(Row row, @Nullable Integer sequenceLength) {
        if (row.tokens != null) {
            return row.tokens;
        }
        return row.samples != null && sequenceLength != null ? Double.valueOf(row.samples * sequenceLength) : null;
    }
}
