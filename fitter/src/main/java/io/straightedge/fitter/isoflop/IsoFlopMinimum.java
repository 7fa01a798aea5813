package io.straightedge.fitter.isoflop;

import org.jspecify.annotations.Nullable;

/**
 * Where the losses of one budget are least.
 *
 * @param params N*
 * @param tokens D*, read along D by itself: 6 N* D* need not be C where the budget counts otherwise
 * @param lossNats L*, along N
 * @param spread over seeds; null where no seed noise was given
 */
public record IsoFlopMinimum(
        double params,
        double tokens,
        double lossNats,
        @Nullable Spread spread) {

    /** Standard deviations of ln N* and ln D* under the noise of a seed. */
    public record Spread(double logParams, double logTokens) {}
}
