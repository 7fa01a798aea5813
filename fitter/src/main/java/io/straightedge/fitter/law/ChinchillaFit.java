package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.DampedNewton;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Arrays;

/**
 * Approach 3: L(N, D) = E + A N^-alpha + B D^-beta on the exact objective of {@link LogHuber}.
 *
 * <p>Starts come from {@link StartGrid}; each is polished through a wider bound d (x64, x16, x4) to the exact one, since the
 * objective is nearly a sum of absolute values and its plain Newton steps chatter. A start costs some tens of evaluations. The best end wins, ties by order, so equal points in equal order
 * give equal bits. A fit near the boundary, badly conditioned or on collinear points is handed back with a diagnostic;
 * refused are fewer than six points, less than half a decade in N or D, and an end that is no law (an exponent not above zero).
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, section D.2; variable projection: Golub and Pereyra 1973"
 */
public final class ChinchillaFit {

    private static final int LEAST_POINTS = 6;
    private static final double LEAST_DECADES = 0.5;
    private static final int STARTS = 5;
    private static final int MOST_ITERATIONS = 300;
    private static final double[] CONTINUATION = {64, 16, 4, 1};
    /** Gradient that still counts as an optimum, over delta times the sum of the weights. */
    private static final double CERTIFIED = 1e-7;
    /** Rise of the mean objective at which a warm refit no longer trusts its basin. */
    private static final double WORSE = 1.1;

    /**
     * Choices.
     *
     * @param delta the Huber bound on log residuals, &gt; 0
     * @param leastSigma floor of the residual scale in the covariance, &gt;= 0: even runs that the law fits exactly have a seed
     */
    public record Options(double delta, double leastSigma) {

        /** Hoffmann's delta; a floor of 3e-4, the seed noise of real ladders. */
        public static final Options DEFAULT = new Options(1e-3, 3e-4);

        public Options {
            if (!(delta > 0 && leastSigma >= 0) || Double.isInfinite(delta + leastSigma)) {
                throw new IllegalArgumentException("delta must be above 0, leastSigma not below, both finite");
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record End(double[] theta, double objective, double gradientNorm) {}

    private ChinchillaFit() {}

    /**
     * Fits from nothing.
     *
     * @param params N of each point [n]
     * @param tokens D [n]
     * @param loss L [n], nats per token
     * @param weight in the objective [n]; a point of weight 0 is left out
     */
    public static Outcome<LawFit> fit(
            double[] params, double[] tokens, double[] loss, double[] weight, Options options) {
        LawPoints points = LawPoints.of(params, tokens, loss, weight);
        String reason = points.refusal(LEAST_POINTS, LEAST_DECADES);
        return reason != null ? Outcome.refused(reason) : cold(points, options);
    }

    /**
     * Fits from an earlier optimum: one polish at the exact bound. Falls back to {@link #fit} when the end is not certified by
     * its gradient or the mean objective has risen by more than a tenth.
     */
    public static Outcome<LawFit> refit(
            LawFit previous, double[] params, double[] tokens, double[] loss, double[] weight, Options options) {
        LawPoints points = LawPoints.of(params, tokens, loss, weight);
        String reason = points.refusal(LEAST_POINTS, LEAST_DECADES);
        if (reason != null) {
            return Outcome.refused(reason);
        }
        LogHuber objective = points.objective(options.delta());
        double[] theta = objective.centre(
                previous.theta().stream().mapToDouble(Double::doubleValue).toArray());
        End end = polish(objective, theta, options, false);
        double mean = end.objective() / points.size();
        double meanBefore = previous.objective() / previous.points();
        boolean trusted = end.gradientNorm() <= CERTIFIED && mean <= WORSE * meanBefore + 1e-12;
        return trusted ? finish(points, objective, end, options) : cold(points, options);
    }

    private static Outcome<LawFit> cold(LawPoints points, Options options) {
        LogHuber objective = points.objective(options.delta());
        End best = null;
        for (double[] start : StartGrid.of(objective, STARTS)) {
            End end = polish(objective, start, options, true);
            if (best == null || end.objective() < best.objective()) {
                best = end;
            }
        }
        return best == null ? Outcome.refused("no start for the fit") : finish(points, objective, best, options);
    }

    private static End polish(LogHuber objective, double[] start, Options options, boolean continued) {
        DampedNewton newton = new DampedNewton(LogHuber.SIZE);
        double[] theta = start.clone();
        double value = Double.NaN;
        for (double factor : CONTINUATION) {
            if (continued || factor == 1) {
                objective.delta(factor * options.delta());
                value = newton.minimise(objective, theta, MOST_ITERATIONS);
            }
        }
        double scale = 0;
        for (int i = 0; i < objective.points(); i++) {
            scale += objective.weight(i);
        }
        return new End(theta, value, newton.gradientNorm() / (options.delta() * scale));
    }

    private static Outcome<LawFit> finish(LawPoints points, LogHuber objective, End end, Options options) {
        double[] theta = objective.uncentre(end.theta().clone());
        if (!isLaw(theta)) {
            return Outcome.refused("the best fit is no law: an exponent or a coefficient is not above zero and finite");
        }
        LawCovariance covariance = new LawCovariance(objective, end.theta(), options.delta(), options.leastSigma());
        return Outcome.found(new LawFit(
                ChinchillaLaw.ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]),
                Arrays.stream(theta).boxed().toList(),
                covariance.matrix(),
                covariance.sigma(),
                end.objective(),
                end.gradientNorm(),
                covariance.condition(),
                points.size(),
                points.diagnostics(theta, covariance.condition(), end.gradientNorm() <= CERTIFIED)));
    }

    private static boolean isLaw(double[] theta) {
        double sum = Math.exp(theta[0]) + Math.exp(theta[1]) + Math.exp(theta[2]) + theta[3] + theta[4];
        return Double.isFinite(sum) && theta[3] > 0 && theta[4] > 0 && Math.exp(theta[0]) > 0 && Math.exp(theta[1]) > 0;
    }
}
