package io.straightedge.fitter.curve;

import io.straightedge.fitter.interval.ConformalFactors;
import io.straightedge.fitter.interval.IntervalFactors;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The posterior of one run's curve, as it stood at {@link #step}.
 *
 * <p>A mixture of normal cells: at step t cell j has mean L (1 + phi' theta_j) and variance L^2 (phi' G_j^-1 phi +
 * tau_j^2). The interval's scale is S1^2 = sd^2 + sigma^2/n + (.004 L ln(t/s))^2, n the observations expected in the
 * last 2 % of the steps up to t; where the plan is inferred, also (C L sd_D ln(t/s) / ln(T/s))^2, sd_D what the
 * inference leaves open of the anneal. Half-widths are S1 times {@link IntervalFactors}. O(cells) per step asked for.
 * Immutable.
 */
public final class CurveFit {

    /** The final loss is the mean over this last part of the planned steps, in so many points. */
    private static final double FINAL_PART = 0.02;

    private static final int FINAL_POINTS = 4;
    /** Growth of the law's own error per e-fold of steps ahead, in units of the loss. */
    private static final double DRIFT = 0.004;

    private static final int MOST_POINTS = 64;

    private final LrPlan plan;
    private final double step;
    private final double level;
    private final double sigma;
    private final double density;
    private final CurveCells cells;
    private final double logEvidence;
    private final double firstStep;
    private final double progress;
    /** What an inferred plan leaves open of the final loss, in units of the level. */
    private final double openPlan;

    private final IntervalFactors factors;
    /** The final loss's mean and scale where more than this curve speaks of it; NaN where not. */
    private final double endMean;

    private final double endScale;

    /**
     * @param firstStep mean step of the first bin used
     * @param density observations a step, expected of the rest
     */
    CurveFit(
            LrPlan plan,
            double firstStep,
            double step,
            double level,
            double sigma,
            double density,
            CurveCells cells,
            double logEvidence) {
        this(
                plan,
                firstStep,
                step,
                level,
                sigma,
                density,
                cells,
                logEvidence,
                ConformalFactors.LAW.at(Math.min(1, step / plan.plannedSteps())),
                Double.NaN,
                Double.NaN);
    }

    private CurveFit(
            LrPlan plan,
            double firstStep,
            double step,
            double level,
            double sigma,
            double density,
            CurveCells cells,
            double logEvidence,
            IntervalFactors factors,
            double endMean,
            double endScale) {
        this.plan = plan;
        this.firstStep = firstStep;
        this.step = step;
        this.level = level;
        this.sigma = sigma;
        this.density = density;
        this.cells = cells;
        this.logEvidence = logEvidence;
        this.progress = plan.progress(step);
        this.openPlan = plan.suppositions().isEmpty() ? plan.annealSd() * cells.average(cells.theta, 3, 2) : 0;
        this.factors = factors;
        this.endMean = endMean;
        this.endScale = endScale;
    }

    /** The same curve with its intervals by other factors. */
    public CurveFit with(IntervalFactors other) {
        return new CurveFit(plan, firstStep, step, level, sigma, density, cells, logEvidence, other, endMean, endScale);
    }

    /**
     * The same curve bent, evenly in the logarithm of the steps ahead, to end at {@code mean} with {@code scale}, nats
     * per token, because others speak of the end too.
     */
    public CurveFit ending(double mean, double scale, IntervalFactors other) {
        return new CurveFit(plan, firstStep, step, level, sigma, density, cells, logEvidence, other, mean, scale);
    }

    /** ln of how probable the bins are under this plan, up to what all plans share. */
    double logEvidence() {
        return logEvidence;
    }

    CurveCells cells() {
        return cells;
    }

    /** Where the run stands: mean step of the last bin used. */
    public double step() {
        return step;
    }

    /** Mean step of the first bin used. */
    public double firstStep() {
        return firstStep;
    }

    /** Fraction of the plan that has been seen, in (0, 1]. */
    public double fraction() {
        return Math.min(1, step / (double) plan.plannedSteps());
    }

    /** The present level L, nats per token. */
    public double level() {
        return level;
    }

    /** Expected loss at {@code step}, nats per token. */
    public double mean(double at) {
        return moments(new double[] {at})[0];
    }

    /** Standard deviation of the curve at {@code step}, without the noise of an observation. */
    public double sd(double at) {
        return moments(new double[] {at})[1];
    }

    /** The forecast of the final loss: the mean over the last 2 % of the planned steps. */
    public Forecast finalLoss() {
        return !bent() ? byItself() : factors.around(endMean, endScale);
    }

    /** Whether more than this curve speaks of the final loss. */
    public boolean bent() {
        return !Double.isNaN(endMean);
    }

    /** {@link #finalLoss} by this curve alone. */
    public Forecast byItself() {
        double[] moments = moments(lastPart());
        return factors.around(moments[0], scale(moments[1], end()));
    }

    /** Standard deviation of the final loss by the posterior alone. */
    double finalSd() {
        return moments(lastPart())[1];
    }

    private double[] lastPart() {
        double end = end();
        double begin = Math.max(step, (1 - FINAL_PART) * end);
        double[] at = new double[FINAL_POINTS];
        for (int i = 0; i < FINAL_POINTS; i++) {
            at[i] = begin + (i + 0.5) / FINAL_POINTS * (end - begin);
        }
        return at;
    }

    /**
     * The rest of the curve, at rising steps from here to the planned end, evenly in the logarithm; empty when the run
     * has reached its end.
     *
     * @param points at most 64
     * @param tokensPerStep NaN when unknown
     */
    public List<ForecastPoint> rest(int points, double tokensPerStep) {
        int n = Math.min(MOST_POINTS, points);
        double end = end();
        Forecast own = byItself();
        double shift = bent() ? endMean - own.mean() : 0;
        double stretch = bent() ? endScale / own.scale() - 1 : 0;
        List<ForecastPoint> rest = new ArrayList<>();
        for (int i = 0; i < n && end > step; i++) {
            double at = i == n - 1 ? end : step * Math.pow(end / step, i / Math.max(1, n - 1.0));
            double[] moments = moments(new double[] {at});
            double way = Math.log(at / step) / Math.log(end / step);
            Forecast there = factors.around(moments[0] + way * shift, scale(moments[1], at) * (1 + way * stretch));
            rest.add(new ForecastPoint(
                    at,
                    at * tokensPerStep,
                    there.mean(),
                    there.lower50(),
                    there.upper50(),
                    there.lower80(),
                    there.upper80(),
                    there.lower95(),
                    there.upper95()));
        }
        return rest;
    }

    /**
     * Posterior means: {@code E} the asymptote at peak learning rate and {@code A} the excess over it at {@link #step},
     * both nats per token; {@code alpha}; {@code C} the drop of a full anneal in units of the loss; {@code tau} the
     * law's relative error in a bin; {@code x0}.
     */
    public Map<String, Double> coefficients() {
        double excess = cells.average(cells.theta, 3, 1);
        Map<String, Double> coefficients = new TreeMap<>();
        coefficients.put("E", level * (1 + cells.average(cells.theta, 3, 0) - excess));
        coefficients.put("A", level * excess);
        coefficients.put("alpha", cells.average(cells.alpha, 1, 0));
        coefficients.put("C", cells.average(cells.theta, 3, 2));
        coefficients.put("tau", cells.average(cells.tau, 1, 0));
        coefficients.put("x0", cells.average(cells.offset, 1, 0));
        return coefficients;
    }

    boolean finite() {
        Forecast last = finalLoss();
        return Double.isFinite(last.lower95() + last.upper95() + mean(step) + sd(step));
    }

    private double end() {
        return Math.max(step, (double) plan.plannedSteps());
    }

    private double scale(double sd, double at) {
        double observations = Math.max(1, FINAL_PART * at * density);
        double drift = DRIFT * level * Math.log(at / step);
        double open = openPlan * level * Math.log(at / step) / Math.log(end() / step);
        return Math.sqrt(sd * sd + sigma * sigma / observations + drift * drift + (end() > step ? open * open : 0));
    }

    /** Mean and standard deviation of the curve averaged over the steps {@code at}. */
    private double[] moments(double[] at) {
        double[] growth = new double[at.length];
        double[] drop = new double[LrPlan.SHAPES];
        for (int i = 0; i < at.length; i++) {
            growth[i] = plan.progress(at[i]) / progress;
            for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
                drop[shape] += (plan.anneal(shape, step) - plan.anneal(shape, at[i])) / at.length;
            }
        }
        double first = 0;
        double second = 0;
        for (int j = 0; j < cells.n; j++) {
            double power = 0;
            for (double g : growth) {
                power += CurveForecaster.powerOf(g, cells.alpha[j], cells.offset[j]) / at.length;
            }
            double mean = cells.mean(j, power, drop[cells.shape[j]]);
            first += cells.weight[j] * mean;
            second += cells.weight[j] * (cells.variance(j, power, drop[cells.shape[j]]) + mean * mean);
        }
        double variance = Math.max(0, second - first * first);
        return new double[] {level * (1 + first), level * Math.sqrt(variance)};
    }
}
