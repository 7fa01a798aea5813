package io.straightedge.deploy.backtest;

import io.straightedge.ingest.history.Truth;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is tested, and how.
 *
 * @param fractions of the planned steps at which forecasts are made, each in (0, 1), rising
 * @param truth what counts as the final loss; the evaluated one where a file has it, else the last 2 %, when null
 * @param leaveOut null for what suits the history
 * @param sample test at most so many runs of each study, drawn at random; 0 for all
 * @param seed of whatever is drawn
 * @param recalibrated whether the factors of the live lane's intervals are learnt from the other sources' errors
 */
public record BacktestChoices(
        List<Double> fractions,
        @Nullable Truth truth,
        HistoryChoice history,
        @Nullable LeaveOut leaveOut,
        List<Method> methods,
        int sample,
        long seed,
        boolean recalibrated,
        int threads) {

    public BacktestChoices {
        fractions = fractions.stream().sorted().distinct().toList();
        methods = List.copyOf(methods);
        if (fractions.isEmpty() || fractions.stream().anyMatch(f -> !(f > 0 && f < 1))) {
            throw new IllegalArgumentException("fractions are " + fractions + ": each must lie above 0 and below 1");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": it must be at least 1");
        }
        if (sample < 0) {
            throw new IllegalArgumentException("sample is " + sample + ": it must not be negative");
        }
        if (leaveOut == LeaveOut.NONE && history instanceof HistoryChoice.Others) {
            throw new IllegalArgumentException("with nothing left out, runs would be their own history");
        }
    }

    /** Whether runs of a run's own group stay out of its history. */
    boolean leavesGroupOut() {
        return leaveOut == LeaveOut.GROUP || (leaveOut == null && history instanceof HistoryChoice.Others);
    }

    /** The history in words. */
    String historyText() {
        if (leaveOut == LeaveOut.SOURCE) {
            return "none of the run's own source";
        }
        boolean said = history instanceof HistoryChoice.Others || history instanceof HistoryChoice.None;
        return text() + (leaveOut == LeaveOut.GROUP && !said ? ", its own group left out" : "");
    }

    /** The truth in words. */
    String truthText() {
        if (truth == null) {
            return "the evaluated final loss where the files have it, else the mean of the last 2 % of the steps";
        }
        return truth == Truth.EVALUATED
                ? "the evaluated final loss, else the last logged one"
                : "the mean of the last 2 % of the steps";
    }

    private String text() {
        if (history instanceof HistoryChoice.None) {
            return "none: every run is its study's first";
        } else if (history instanceof HistoryChoice.Others) {
            return leaveOut == LeaveOut.RUN
                    ? "all other runs of the same source (cross-validation)"
                    : "the other groups' runs of the same source (cross-validation)";
        } else if (history instanceof HistoryChoice.Smaller smaller) {
            return smaller.params() == null
                    ? "the smaller models of the same source"
                    : String.format(Locale.ROOT, "the models below %.4g parameters", smaller.params())
                            + (smaller.plus() == 0 ? "" : " and " + smaller.plus() + " runs of the larger ones");
        } else if (history instanceof HistoryChoice.Given given) {
            return given.runs().size() + " runs of other files";
        }
        return "the runs of the same source that come earlier in the files";
    }
}
