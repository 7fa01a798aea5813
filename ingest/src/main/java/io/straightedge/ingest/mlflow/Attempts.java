package io.straightedge.ingest.mlflow;

import io.straightedge.protocol.run.LossObservation;
import java.util.List;

/**
 * Numbers the attempts of a run. While a run has not been taken up again its observations carry no attempt, and the
 * fitter opens one by itself where steps go back: the first number that is given has to pass all of those.
 * Not thread-safe.
 */
final class Attempts {

    private boolean logged;
    private int wentBack;
    private long highest = -1;

    /** What the run would be once it is set to run. */
    RunInfo resumed(RunInfo before, RunInfo after) {
        boolean again = before.ended() || logged;
        return after.with(RunInfo.RUNNING, null, again ? before.attempt() + wentBack + 1 : before.attempt());
    }

    /** A new attempt begins, if the run's number says so. */
    void begin(RunInfo before, RunInfo after) {
        if (after.attempt() != before.attempt()) {
            wentBack = 0;
            logged = false;
            highest = -1;
        }
    }

    /** The new attempt could not be stored. */
    void takeBack(RunInfo before, RunInfo after) {
        if (after.attempt() != before.attempt()) {
            wentBack = after.attempt() - before.attempt() - 1;
            logged = true;
        }
    }

    /** Something has been logged in this attempt. */
    void logged() {
        logged = true;
    }

    /** Notes where training went back. */
    void seen(List<LossObservation> losses) {
        for (LossObservation loss : losses) {
            if (loss.split().equals(LossObservation.TRAIN)) {
                wentBack += loss.step() < highest ? 1 : 0;
                highest = loss.step();
            }
        }
    }
}
