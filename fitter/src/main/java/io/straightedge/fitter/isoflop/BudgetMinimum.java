package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.solve.Outcome;
import java.util.Arrays;
import java.util.function.Function;

/**
 * The minimum of one budget by one reading, and where draws of seed noise put it.
 *
 * <p>The standard deviation over draws is held at the reading's floor and widened by the share of draws without a
 * minimum; more than half of these discard the budget. Under noise Akima's N* and D* are the medians of the draws, as
 * the source takes them; a parabola keeps its vertex.
 *
 * @see "Porian et al. 2024, arXiv 2406.19146"
 */
final class BudgetMinimum {

    private final IsoFlopMinimum minimum;
    /** ln N* of each draw, NaN without a minimum inside; empty without noise. */
    private final double[] drawnParams;

    private BudgetMinimum(IsoFlopMinimum minimum, double[] drawnParams) {
        this.minimum = minimum;
        this.drawnParams = drawnParams;
    }

    /**
     * Reads {@code budget} by {@code bottom}; {@code draws} [draws][n] are its losses under other seeds, maybe none.
     */
    static Outcome<BudgetMinimum> of(BudgetPoints budget, Bottom bottom, double[][] draws) {
        Valley alongParams = budget.alongParams();
        Valley alongTokens = budget.alongTokens();
        String objection = bottom.objection(alongParams, "N");
        if (objection == null) {
            objection = bottom.objection(alongTokens, "D");
        }
        if (objection != null) {
            return Outcome.refused(objection);
        }
        double params = bottom.place(alongParams);
        double tokens = bottom.place(alongTokens);
        double loss = bottom.loss(alongParams, params);
        if (draws.length == 0) {
            return Outcome.found(new BudgetMinimum(
                    new IsoFlopMinimum(Math.exp(params), Math.exp(tokens), loss, null), new double[0]));
        }
        double[] drawnParams = places(draws, bottom, budget::alongParams);
        double[] drawnTokens = places(draws, bottom, budget::alongTokens);
        double[] validParams = valid(drawnParams);
        double[] validTokens = valid(drawnTokens);
        if (2 * Math.min(validParams.length, validTokens.length) < draws.length) {
            return Outcome.refused(
                    "the noise of a seed moves the least loss to the edge in more than half of the draws");
        }
        if (bottom == Bottom.AKIMA) {
            params = median(validParams);
            tokens = median(validTokens);
        }
        IsoFlopMinimum.Spread spread = new IsoFlopMinimum.Spread(
                spread(validParams, draws.length, bottom.leastSd(alongParams)),
                spread(validTokens, draws.length, bottom.leastSd(alongTokens)));
        return Outcome.found(
                new BudgetMinimum(new IsoFlopMinimum(Math.exp(params), Math.exp(tokens), loss, spread), drawnParams));
    }

    /** One that is known already, without draws. */
    static BudgetMinimum of(IsoFlopMinimum minimum) {
        return new BudgetMinimum(minimum, new double[0]);
    }

    IsoFlopMinimum minimum() {
        return minimum;
    }

    /** ln N* of a draw; NaN without one. */
    double drawnParams(int draw) {
        return drawnParams[draw];
    }

    private static double[] places(double[][] draws, Bottom bottom, Function<double[], Valley> along) {
        return Arrays.stream(draws)
                .mapToDouble(losses -> bottom.place(along.apply(losses)))
                .toArray();
    }

    private static double[] valid(double[] places) {
        return Arrays.stream(places).filter(Double::isFinite).sorted().toArray();
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
    }

    private static double spread(double[] places, int draws, double least) {
        double mean = Arrays.stream(places).average().orElseThrow();
        double square = Arrays.stream(places)
                .map(p -> (p - mean) * (p - mean))
                .average()
                .orElseThrow();
        return Math.max(Math.sqrt(square), least) * draws / places.length;
    }
}
