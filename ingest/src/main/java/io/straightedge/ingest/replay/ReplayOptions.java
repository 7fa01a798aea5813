package io.straightedge.ingest.replay;

import io.straightedge.protocol.run.ParameterCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How files are replayed.
 *
 * @param study name of the study; the family when all runs are of one, else the first file's name, when null
 * @param fraction of each run's steps to replay, in (0, 1]; the plan tells its last step all the same
 * @param budgetsFlops budgets to recommend for
 * @param primarySplit the split that feeds the law; {@code train} where there is one, else the most frequent, when
 *     null
 * @param paramsCount what the files' params count, when known
 */
public record ReplayOptions(
        @Nullable String study,
        double fraction,
        List<Double> budgetsFlops,
        @Nullable String primarySplit,
        @Nullable ParameterCount paramsCount) {

    /** Everything, under the file's own name. */
    public static final ReplayOptions DEFAULT = new ReplayOptions(null, 1, List.of(), null, null);

    public ReplayOptions {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("fraction is " + fraction + ": it must be above 0 and at most 1");
        }
        budgetsFlops = List.copyOf(budgetsFlops);
    }

    /** The same under another study name. */
    public ReplayOptions withStudy(@Nullable String name) {
        return new ReplayOptions(name, fraction, budgetsFlops, primarySplit, paramsCount);
    }

    /** The same for another part of each run. */
    public ReplayOptions withFraction(double part) {
        return new ReplayOptions(study, part, budgetsFlops, primarySplit, paramsCount);
    }
}
