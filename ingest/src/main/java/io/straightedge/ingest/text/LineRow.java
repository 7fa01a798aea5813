package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.MetricNames;
import io.straightedge.ingest.metric.StepRow;
import io.straightedge.ingest.source.Item;
import io.straightedge.protocol.run.LossObservation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand on one line. All or none of them are given: a line with one number that cannot be read is not
 * trusted with the others.
 */
final class LineRow {

    static final Metric LOSS = new Metric(Role.LOSS, LossObservation.TRAIN);
    static final Metric VALIDATION = new Metric(Role.LOSS, MetricNames.VALIDATION);
    static final Metric LR = new Metric(Role.LR, LossObservation.TRAIN);
    static final Metric GRAD_NORM = new Metric(Role.GRAD_NORM, LossObservation.TRAIN);

    private final StepRow row = new StepRow(null);
    private final long step;
    private final @Nullable Instant time;
    private @Nullable String broken;

    /** For the numbers of that step. */
    LineRow(long step, String line) {
        this.step = step;
        this.time = LineTime.of(line);
    }

    /** A row with the one loss. */
    static LineRow of(long step, String line, Metric metric, String text) {
        return new LineRow(step, line).put(metric, text);
    }

    /** Adds what a number on the line says; nothing when the line does not have it. */
    LineRow put(Metric metric, @Nullable String text) {
        Double value = text == null ? null : LogNumber.of(text);
        if (value != null) {
            row.add(metric, step, value, time, LineRow::unexpected);
        } else if (text != null) {
            broken = text + " is no number";
        }
        return this;
    }

    /** Gives the line's losses. */
    void give(LineGrammar.Told told) {
        if (broken != null) {
            told.unreadable(broken);
            return;
        }
        row.flush(item -> told.point((Item.Point) item));
    }

    private static void unexpected(Item item) {
        throw new IllegalStateException("a row of one step gave " + item + " before it was complete");
    }
}
