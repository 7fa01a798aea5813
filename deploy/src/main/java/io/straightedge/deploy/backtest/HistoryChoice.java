package io.straightedge.deploy.backtest;

import io.straightedge.ingest.history.PastRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which finished runs a study knows when a run is tested. */
public sealed interface HistoryChoice {

    /** None: every run is its study's first. */
    record None() implements HistoryChoice {}

    /** The runs of the same study that are not left out. */
    record Others() implements HistoryChoice {}

    /**
     * The smaller models of the same study.
     *
     * @param params runs below are history and all others are tested; each run's own size when null
     * @param plus so many of the tested sizes' runs, drawn at random from each study, belong to the history too
     */
    record Smaller(@Nullable Double params, int plus) implements HistoryChoice {
        public Smaller {
            if (plus > 0 && params == null) {
                throw new IllegalArgumentException("further runs are added to smaller:PARAMS only");
            }
        }
    }

    /** The runs of the same study that come earlier in the files. */
    record Earlier() implements HistoryChoice {}

    /** Runs of other files: those of the same source where there are any, else all of the same split. */
    record Given(List<PastRun> runs) implements HistoryChoice {
        public Given {
            runs = List.copyOf(runs);
        }
    }
}
