package io.straightedge.deploy.backtest.alarm;

import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.LossObservation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run as it came.
 *
 * @param taken steps taken at each observation, rising: where it stands beside the study's other runs
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record LoggedRun(PastRun past, Cadence cadence, long[] taken) {

    static LoggedRun of(PastRun past, Cadence cadence) {
        return new LoggedRun(past, cadence, cadence.taken(past.losses()));
    }

    String name() {
        return past.name();
    }

    /** What its file calls it. */
    String called() {
        PastRun.Origin origin = past.origin();
        return origin == null ? past.name() : origin.run();
    }

    int size() {
        return taken.length;
    }

    long step(int index) {
        return past.losses().get(index).step();
    }

    double days() {
        return cadence.days(size());
    }

    /** NaN where none was logged. */
    double loss(int index) {
        Double loss = past.losses().get(index).loss();
        return loss == null ? Double.NaN : loss;
    }

    /** An observation as a live study would have got it. */
    LossObservation event(int index) {
        return event(index, past.losses().get(index).loss());
    }

    /** An observation of which nobody said when it came. */
    LossObservation untimed(int index) {
        LossObservation seen = past.losses().get(index);
        return new LossObservation(
                seen.study(),
                seen.run(),
                seen.step(),
                seen.tokens(),
                seen.loss(),
                seen.split(),
                seen.lr(),
                seen.gradNorm(),
                seen.nanIterations(),
                null,
                seen.attempt());
    }

    /** The same with another loss. */
    LossObservation event(int index, @Nullable Double loss) {
        LossObservation seen = past.losses().get(index);
        return new LossObservation(
                seen.study(),
                seen.run(),
                seen.step(),
                seen.tokens(),
                loss,
                seen.split(),
                seen.lr(),
                seen.gradNorm(),
                seen.nanIterations(),
                Instant.ofEpochMilli(cadence.millis(taken[index])),
                seen.attempt());
    }
}
