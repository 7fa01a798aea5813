package io.straightedge.fitter.curve;

import io.straightedge.fitter.solve.Cholesky3;
import io.straightedge.fitter.solve.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forecast of one run: a posterior on a grid, in closed form, without an optimiser.
 *
 * <p>At step s with present level L the curve is L (1 + E + A (B(t)^-alpha - 1) - C (D(t) - D(s))), where B(t) =
 * (S1(t)/S1(s) + x0)/(1 + x0), S1 and D from {@link LrPlan}. A cell fixes alpha (14 values, .15 to 1.5), the shape D
 * (6), x0 (2) and tau (5), the standard deviation of the law's own error in a bin; given those the curve is linear in
 * (E, A, C) with a normal prior, so its posterior and evidence are a 3x3 solve. A bin of n observations at t weighs
 * 1/(sigma^2/n + tau^2 (s/t)^4): the law's error does not shrink with n, and old bins count less. Only bins with t &gt;
 * max(first step at peak, s/20) enter.
 *
 * <p>Cost O(14*2*bins pow + 840 (bins + solve)): tens of microseconds for 35 bins. Refuses a run still in warm-up, one
 * with fewer than three bins after it, and a level that is not positive. The workspace is reused and the loop allocates
 * nothing; only the {@link CurveFit} handed back is new. Not thread-safe.
 */
public final class CurveForecaster {

    private static final double[] ALPHA = geometric(0.15, 1.5, 14);
    private static final double[] OFFSET = {0, 0.03};
    private static final double[] LOG_OFFSET_WEIGHT = {0, Math.log(0.5)};
    private static final double[] TAU = {0.5e-3, 1e-3, 2e-3, 4e-3, 8e-3};
    private static final double LOG_TAU_MEAN = Math.log(0.0015);
    private static final double LOG_TAU_SD = 0.7;
    /** E ~ N(0, .3^2): the level is known. */
    private static final double LEVEL_PRECISION = 1 / (0.3 * 0.3);
    /** E - A ~ N(-.12, .12^2): the asymptote lies 12 % below the present level, give or take as much. */
    private static final double ASYMPTOTE_MEAN = -0.12;

    private static final double ASYMPTOTE_PRECISION = 1 / (0.12 * 0.12);
    private static final double LOG_LEVEL_AND_ASYMPTOTE = Math.log(LEVEL_PRECISION * ASYMPTOTE_PRECISION);

    /** Oldest part of the run that is left out. */
    private static final double WINDOW = 0.05;

    /** A bin that rises by more than this part of the loss, and by so many standard deviations, is taken for a spike. */
    private static final double SPIKE_FLOOR = 0.005;

    private static final double SPIKE_NOISES = 4;

    /** A bin's discrepancy grows as this power of s/t. */
    private static final double RECENCY = 2;

    private static final double LEARNING_RECENCY = 0.3;
    private static final int LEAST_BINS_TO_LEARN = 4;
    private static final int LEAST_BINS = 3;
    /** Relative noise where none could be measured. */
    private static final double UNKNOWN_NOISE = 0.003;

    static final double LEAST_WEIGHT = 1e-5;
    static final int CELLS = ALPHA.length * OFFSET.length * LrPlan.SHAPES * TAU.length;

    /** Root of the bins an octave over eight: the law's errors in neighbouring stretches are taken for independent. */
    private final double narrowness;

    private int bins;
    private double[] residual = new double[0];
    private double[] growth = new double[0];
    private double[] power = new double[0];
    private double[][] drop = new double[LrPlan.SHAPES][0];
    private final double[][] weight = new double[TAU.length][0];
    private final double[][] weighted = new double[TAU.length][0];

    private final double[] logWeight = new double[CELLS];
    private final double[] theta = new double[3 * CELLS];
    private final double[] factor = new double[6 * CELLS];
    private final double[] priorDrop = new double[LrPlan.SHAPES];
    private final double[] priorPrecision = new double[LrPlan.SHAPES];
    /** ln weight + .5 ln precision. */
    private final double[] priorWeight = new double[LrPlan.SHAPES];

    private final BinNoise binNoise = new BinNoise();
    private final Cholesky3 cholesky = new Cholesky3();

    // Sums that cells share: per tau, and per (shape, tau).
    private final double[] sumW = new double[TAU.length];
    private final double[] sumWz = new double[TAU.length];
    private final double[] sumWzz = new double[TAU.length];
    private final double[] sumLogW = new double[TAU.length];
    private final double[] sumWd = new double[LrPlan.SHAPES * TAU.length];
    private final double[] sumWdd = new double[LrPlan.SHAPES * TAU.length];
    private final double[] sumWdz = new double[LrPlan.SHAPES * TAU.length];

    /** For curves with {@link LogBins#PER_OCTAVE} bins an octave. */
    public CurveForecaster() {
        this(LogBins.PER_OCTAVE);
    }

    /** For curves with {@code binsPerOctave}: narrower bins each say less. */
    CurveForecaster(int binsPerOctave) {
        narrowness = Math.sqrt(binsPerOctave / (double) LogBins.PER_OCTAVE);
    }

    /**
     * Fits the first {@code closedBins} bins; the run stands at the mean step of the last of them.
     *
     * @param sigma standard deviation of one observation, nats per token; NaN when unknown
     */
    public Outcome<CurveFit> fit(LogBins binned, int closedBins, LrPlan plan, double sigma, CurvePrior prior) {
        int used = Math.min(closedBins, binned.size());
        String fault = fault(binned, used, plan);
        if (fault != null) {
            return Outcome.refused(fault);
        }
        int first = first(binned, used, plan);
        double noise = noise(sigma, binNoise.sigma(binned, first, used), level(binned, used));
        Outcome<CurveFit> fit = fit(binned, first, used, plan, noise, prior);
        return !plan.suppositions().isEmpty() && fit instanceof Outcome.Found<CurveFit> found
                ? Outcome.found(supposing(found.value(), binned, first, used, plan, noise, prior))
                : fit;
    }

    private CurveFit supposing(
            CurveFit constant, LogBins binned, int first, int used, LrPlan plan, double noise, CurvePrior prior) {
        List<Suppositions.Weighed> weighed = new ArrayList<>();
        for (LrPlan.Supposition supposed : plan.suppositions()) {
            if (fit(binned, first, used, supposed.plan(), noise, prior) instanceof Outcome.Found<CurveFit> found) {
                weighed.add(new Suppositions.Weighed(found.value(), supposed.weight()));
            }
        }
        return Suppositions.mixed(constant, weighed);
    }

    /**
     * What a finished run teaches: fitted at its end over the whole of its curve, old bins counting nearly as much as
     * young ones, under a prior that says little.
     */
    public Outcome<CurveLesson> learn(LogBins binned, LrPlan plan, double sigma) {
        int used = binned.size();
        String fault = fault(binned, used, plan);
        if (fault != null) {
            return Outcome.refused(fault);
        }
        int first = first(binned, used, plan);
        if (used - first < LEAST_BINS_TO_LEARN) {
            return Outcome.refused("fewer than four bins after the warm-up");
        }
        double level = level(binned, used);
        double noise = noise(sigma, binNoise.sigma(binned, first, used), level);
        double step = binned.meanStep(used - 1);
        load(binned, first, used, plan, step, level, noise, LEARNING_RECENCY, false);
        solve(CurvePrior.VAGUE);
        return posterior(plan, binned.meanStep(first), step, level, noise * level, density(binned, used))
                        instanceof Outcome.Found<CurveFit> found
                ? Outcome.found(CurveLesson.of(found.value(), this::conditionalDrop))
                : Outcome.refused("no cell of the forecast could be solved");
    }

    /** Mean of C given a shape that carries no weight. */
    private double conditionalDrop(int shape) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int cell = shape; cell < CELLS; cell += LrPlan.SHAPES) {
            highest = Math.max(highest, logWeight[cell]);
        }
        double sum = 0;
        double total = 0;
        for (int cell = shape; cell < CELLS; cell += LrPlan.SHAPES) {
            double w = Math.exp(logWeight[cell] - highest);
            sum += w * theta[3 * cell + 2];
            total += w;
        }
        return sum / total;
    }

    /** Why the first {@code used} bins cannot be fitted; null when they can. */
    private static @Nullable String fault(LogBins binned, int used, LrPlan plan) {
        if (used < 1) {
            return "no bin is closed yet";
        }
        if (binned.meanStep(used - 1) <= plan.peakStep()) {
            return "the learning rate is still warming up";
        }
        if (used - first(binned, used, plan) < LEAST_BINS) {
            return "fewer than three bins after the warm-up";
        }
        return level(binned, used) > 0 ? null : "the loss is not above zero";
    }

    private static int first(LogBins binned, int used, LrPlan plan) {
        double begin = Math.max(plan.peakStep(), WINDOW * binned.meanStep(used - 1));
        int first = used;
        while (first > 0 && binned.meanStep(first - 1) > begin) {
            first--;
        }
        return first;
    }

    /** Fits bins [first, used) with noise in units of the level. */
    Outcome<CurveFit> fit(LogBins binned, int first, int used, LrPlan plan, double noise, CurvePrior prior) {
        double step = binned.meanStep(used - 1);
        double level = level(binned, used);
        load(binned, first, used, plan, step, level, noise, RECENCY, true);
        solve(prior);
        return posterior(plan, binned.meanStep(first), step, level, noise * level, density(binned, used));
    }

    /** The lesser of what differences and bins say, in units of the level. */
    private static double noise(double fromDifferences, double fromBins, double level) {
        double least = Math.min(
                fromDifferences >= 0 ? fromDifferences : Double.POSITIVE_INFINITY,
                fromBins >= 0 ? fromBins : Double.POSITIVE_INFINITY);
        return Double.isFinite(least) ? least / level : UNKNOWN_NOISE;
    }

    /** Count-weighted mean of the last three bins. */
    private static double level(LogBins binned, int used) {
        double sum = 0;
        double n = 0;
        for (int i = used - LEAST_BINS; i < used; i++) {
            sum += binned.count(i) * binned.mean(i);
            n += binned.count(i);
        }
        return sum / n;
    }

    /** Observations a step, the most of the last three bins: the very last may be half full. */
    private static double density(LogBins binned, int used) {
        double most = 0;
        for (int i = Math.max(0, used - LEAST_BINS); i < used; i++) {
            double steps = LogBins.firstStep(binned.index(i) + 1) - LogBins.firstStep(binned.index(i));
            most = Math.max(most, binned.count(i) / Math.max(1, steps));
        }
        return most;
    }

    private void load(
            LogBins binned,
            int first,
            int used,
            LrPlan plan,
            double step,
            double level,
            double noise,
            double recency,
            boolean spikes) {
        bins = used - first;
        reserve(bins);
        double progress = plan.progress(step);
        Arrays.fill(sumW, 0);
        Arrays.fill(sumWz, 0);
        Arrays.fill(sumWzz, 0);
        Arrays.fill(sumLogW, 0);
        Arrays.fill(sumWd, 0);
        Arrays.fill(sumWdd, 0);
        Arrays.fill(sumWdz, 0);
        for (int i = 0; i < bins; i++) {
            double t = binned.meanStep(first + i);
            residual[i] = (binned.mean(first + i) - level) / level;
            growth[i] = plan.progress(t) / progress;
            for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
                drop[shape][i] = plan.anneal(shape, step) - plan.anneal(shape, t);
            }
            double ofMean = noise / Math.sqrt((double) binned.count(first + i));
            double spike = spikes ? 2 * excess(i, Math.max(SPIKE_FLOOR, SPIKE_NOISES * ofMean)) : 0;
            double variance = ofMean * ofMean + spike * spike;
            double age = narrowness * Math.pow(step / t, recency);
            for (int k = 0; k < TAU.length; k++) {
                double w = 1 / (variance + TAU[k] * TAU[k] * age * age);
                weight[k][i] = w;
                weighted[k][i] = w * residual[i];
                sumW[k] += w;
                sumWz[k] += w * residual[i];
                sumWzz[k] += w * residual[i] * residual[i];
                sumLogW[k] += Math.log(w);
                for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
                    int at = shape * TAU.length + k;
                    double wd = w * drop[shape][i];
                    sumWd[at] += wd;
                    sumWdd[at] += wd * drop[shape][i];
                    sumWdz[at] += wd * residual[i];
                }
            }
        }
    }

    /** By how much bin i rises over the lowest of the three before it, beyond {@code allowed}. */
    private double excess(int i, double allowed) {
        if (i == 0) {
            return 0;
        }
        double lowest = Double.POSITIVE_INFINITY;
        for (int before = Math.max(0, i - 3); before < i; before++) {
            lowest = Math.min(lowest, residual[before]);
        }
        return Math.max(0, residual[i] - lowest - allowed);
    }

    private void reserve(int n) {
        if (residual.length >= n) {
            return;
        }
        int capacity = Math.max(64, 2 * n);
        residual = new double[capacity];
        growth = new double[capacity];
        power = new double[capacity];
        drop = new double[LrPlan.SHAPES][capacity];
        for (int k = 0; k < TAU.length; k++) {
            weight[k] = new double[capacity];
            weighted[k] = new double[capacity];
        }
    }

    private void solve(CurvePrior prior) {
        double totalShape = 0;
        for (double w : prior.shapeWeights()) {
            totalShape += w;
        }
        for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
            double sd = prior.dropSd().get(shape);
            priorDrop[shape] = prior.dropMean().get(shape);
            priorPrecision[shape] = 1 / (sd * sd);
            priorWeight[shape] =
                    Math.log(prior.shapeWeights().get(shape) / totalShape) + 0.5 * Math.log(priorPrecision[shape]);
        }
        int cell = 0;
        for (int a = 0; a < ALPHA.length; a++) {
            double fromAlpha = -0.5 * square((Math.log(ALPHA[a]) - prior.logAlphaMean()) / prior.logAlphaSd());
            for (int x = 0; x < OFFSET.length; x++) {
                for (int i = 0; i < bins; i++) {
                    power[i] = powerOf(growth[i], ALPHA[a], OFFSET[x]);
                }
                for (int k = 0; k < TAU.length; k++) {
                    double fromTau = -0.5 * square((Math.log(TAU[k]) - LOG_TAU_MEAN) / LOG_TAU_SD);
                    double common = fromAlpha + fromTau + LOG_OFFSET_WEIGHT[x];
                    cell = solveShapes(cell, k, common);
                }
            }
        }
    }

    /** The cells that share alpha, x0 and tau. */
    private int solveShapes(int firstCell, int k, double common) {
        double[] w = weight[k];
        double[] wz = weighted[k];
        double wb = 0;
        double wbb = 0;
        double wbz = 0;
        for (int i = 0; i < bins; i++) {
            wb += w[i] * power[i];
            wbb += w[i] * power[i] * power[i];
            wbz += wz[i] * power[i];
        }
        double pull = ASYMPTOTE_PRECISION * ASYMPTOTE_MEAN;
        double r0 = sumWz[k] + pull;
        double r1 = wbz - pull;
        int cell = firstCell;
        for (int shape = 0; shape < LrPlan.SHAPES; shape++, cell++) {
            double[] d = drop[shape];
            double wbd = 0;
            for (int i = 0; i < bins; i++) {
                wbd += w[i] * power[i] * d[i];
            }
            int at = shape * TAU.length + k;
            double dropMean = priorDrop[shape];
            double dropPrecision = priorPrecision[shape];
            double r2 = sumWdz[at] + dropPrecision * dropMean;
            double constant =
                    sumWzz[k] + ASYMPTOTE_PRECISION * square(ASYMPTOTE_MEAN) + dropPrecision * square(dropMean);
            boolean definite = cholesky.factor(
                    sumW[k] + LEVEL_PRECISION + ASYMPTOTE_PRECISION,
                    wb - ASYMPTOTE_PRECISION,
                    wbb + ASYMPTOTE_PRECISION,
                    sumWd[at],
                    wbd,
                    sumWdd[at] + dropPrecision);
            if (!definite) {
                logWeight[cell] = Double.NEGATIVE_INFINITY;
                continue;
            }
            cholesky.solve(r0, r1, r2, theta, 3 * cell);
            cholesky.inverseFactor(factor, 6 * cell);
            double explained = r0 * theta[3 * cell] + r1 * theta[3 * cell + 1] + r2 * theta[3 * cell + 2];
            logWeight[cell] = -0.5 * (constant - explained)
                    + 0.5 * (LOG_LEVEL_AND_ASYMPTOTE + sumLogW[k] - cholesky.logDeterminant())
                    + common
                    + priorWeight[shape];
        }
        return cell;
    }

    /** Softmax, the light cells dropped, what is left copied out. */
    private Outcome<CurveFit> posterior(
            LrPlan plan, double firstStep, double step, double level, double sigma, double density) {
        double highest = Double.NEGATIVE_INFINITY;
        for (double w : logWeight) {
            highest = Math.max(highest, w);
        }
        if (!Double.isFinite(highest)) {
            return Outcome.refused("no cell of the forecast could be solved");
        }
        double total = 0;
        for (double w : logWeight) {
            total += Math.exp(w - highest);
        }
        double kept = 0;
        int n = 0;
        for (double w : logWeight) {
            double p = Math.exp(w - highest) / total;
            if (p > LEAST_WEIGHT) {
                kept += p;
                n++;
            }
        }
        CurveCells cells = new CurveCells(n);
        for (int cell = 0, to = 0; cell < CELLS; cell++) {
            double p = Math.exp(logWeight[cell] - highest) / total;
            if (p > LEAST_WEIGHT) {
                int rest = cell / LrPlan.SHAPES;
                int tau = rest % TAU.length;
                rest /= TAU.length;
                cells.put(
                        to++,
                        p / kept,
                        ALPHA[rest / OFFSET.length],
                        OFFSET[rest % OFFSET.length],
                        cell % LrPlan.SHAPES,
                        TAU[tau],
                        theta,
                        3 * cell,
                        factor,
                        6 * cell);
            }
        }
        CurveFit fit = new CurveFit(plan, firstStep, step, level, sigma, density, cells, highest + Math.log(total));
        return fit.finite() ? Outcome.found(fit) : Outcome.refused("the forecast is not finite");
    }

    /** B^-alpha - 1. */
    static double powerOf(double growth, double alpha, double offset) {
        return Math.pow((growth + offset) / (1 + offset), -alpha) - 1;
    }

    private static double square(double x) {
        return x * x;
    }

    private static double[] geometric(double from, double to, int n) {
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = from * Math.pow(to / from, i / (n - 1.0));
        }
        return out;
    }
}
