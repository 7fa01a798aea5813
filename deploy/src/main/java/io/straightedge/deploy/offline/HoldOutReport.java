package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.HoldOut;
import org.jspecify.annotations.Nullable;

/**
 * How the largest budgets were predicted from the smaller ones.
 *
 * @param budgets groups of like compute held out
 * @param points held out
 * @param meanAbsolutePercent mean of |predicted - observed| over observed, in percent
 * @param meanPercent the same with its sign, the bias
 * @param coverage90 share of held-out losses within the 90 % interval of a run; null where the law alone was asked
 * @param flopsRatio the largest C held out over the largest fitted
 */
public record HoldOutReport(
        int budgets,
        int points,
        double meanAbsolutePercent,
        double meanPercent,
        @Nullable Double coverage90,
        double flopsRatio) {

    static HoldOutReport of(HoldOut held) {
        return new HoldOutReport(
                held.budgets(),
                held.points(),
                held.meanAbsolutePercent(),
                held.meanPercent(),
                Double.isNaN(held.coverage()) ? null : held.coverage(),
                held.flopsRatio());
    }
}
