package io.straightedge.fitter.detect;

import io.straightedge.fitter.interval.StandardNormal;
import io.straightedge.fitter.solve.Cholesky3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The common shape of a ladder's curves, and how far a run is from it.
 *
 * <p>The shape at fraction x of the plan is s = ln L(xT/2) - ln L(xT): what the loss has fallen by since half as many steps.
 * Over finished runs with schedules of one class s = a + b ln N + c ln T + noise, by least squares under a prior that draws
 * b and c to 0 with a standard deviation of {@value #SLOPE_SD}; where N is not known b is 0. The noise is {@link Scatter} about
 * that, {@value #USUAL} where nothing is known and larger where the tails are heavy, as in sweeps, and a forecast's variance s^2 (1 + x'(X'X + P)^-1 x). Seen minus foretold, times
 * -L, is the departure in nats: a run that has fallen less stands above. O(n).
 *
 * <p>Deviation from the source: there the curves are normalised by their last losses, which a running run does not have, and the
 * irreducible loss, which is seldom known; ladders of the sort that are not compute-optimal collapse only after the slopes by
 * N and T are taken out.
 *
 * @see "Qiu et al. 2025, arXiv 2507.02119: scaling collapse"
 */
public final class LadderShape {

    /** Fewer finished runs say nothing. */
    public static final int LEAST_RUNS = 4;

    private static final double USUAL = .005;
    private static final double SLOPE_SD = .01;
    private static final int TAIL = 50;
    private static final int COEFFICIENTS = 3;

    private LadderShape() {}

    /**
     * One run at the fraction in question.
     *
     * @param logParams ln N; NaN where it is not known
     * @param logSteps ln T
     * @param fall s
     */
    public record Rung(double logParams, double logSteps, double fall) {}

    /**
     * How far {@code seen} departs from the others, at a present loss of {@code level} nats per token; null with fewer than
     * {@value #LEAST_RUNS} of them.
     */
    public static DepartureRule.@Nullable Departure departure(Iterable<Rung> others, Rung seen, double level) {
        int n = 0;
        double[] mean = new double[COEFFICIENTS];
        for (Rung rung : others) {
            double[] x = row(rung, seen);
            n++;
            mean[0] += (rung.fall() - mean[0]) / n;
            mean[1] += (x[1] - mean[1]) / n;
            mean[2] += (x[2] - mean[2]) / n;
        }
        if (n < LEAST_RUNS) {
            return null;
        }
        double prior = USUAL * USUAL / (SLOPE_SD * SLOPE_SD);
        double g11 = prior;
        double g21 = 0;
        double g22 = prior;
        double r1 = 0;
        double r2 = 0;
        for (Rung rung : others) {
            double[] x = row(rung, seen);
            double b = x[1] - mean[1];
            double c = x[2] - mean[2];
            double y = rung.fall() - mean[0];
            g11 += b * b;
            g21 += b * c;
            g22 += c * c;
            r1 += b * y;
            r2 += c * y;
        }
        // Centred: the constant does not mix with the slopes.
        Cholesky3 factor = new Cholesky3();
        if (!factor.factor(n, 0, g11, 0, g21, g22)) {
            return null;
        }
        double[] slope = new double[COEFFICIENTS];
        factor.solve(0, r1, r2, slope, 0);
        double squares = 0;
        double[] sizes = new double[n];
        int at = 0;
        for (Rung rung : others) {
            double[] x = row(rung, seen);
            double off = rung.fall() - mean[0] - slope[1] * (x[1] - mean[1]) - slope[2] * (x[2] - mean[2]);
            squares += off * off;
            sizes[at++] = Math.abs(off);
        }
        int freedom = Math.max(1, n - COEFFICIENTS);
        Scatter scatter = Scatter.of(Math.max(Math.sqrt(squares / freedom), tail(sizes)), freedom, USUAL);
        double b = -mean[1];
        double c = -mean[2];
        double[] leverage = new double[COEFFICIENTS];
        factor.solve(1, b, c, leverage, 0);
        double variance = 1 + leverage[0] + b * leverage[1] + c * leverage[2];
        double foretold = mean[0] + slope[1] * b + slope[2] * c;
        return new DepartureRule.Departure(
                level * (foretold - seen.fall()), level * scatter.sd() * Math.sqrt(variance), scatter.freedom());
    }

    /** The standard deviation that makes the (1 + max(1, n/{@value #TAIL}))-th largest residual a usual one. */
    private static double tail(double[] sizes) {
        int n = sizes.length;
        int rank = 1 + Math.max(1, n / TAIL);
        Arrays.sort(sizes);
        return sizes[n - rank] / StandardNormal.central(1 - rank / (n + 1.));
    }

    /** The row of a rung, from the run in question. */
    private static double[] row(Rung rung, Rung seen) {
        double size = rung.logParams() - seen.logParams();
        return new double[] {1, Double.isNaN(size) ? 0 : size, rung.logSteps() - seen.logSteps()};
    }
}
