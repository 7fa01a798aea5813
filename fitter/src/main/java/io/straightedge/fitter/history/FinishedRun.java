package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveLesson;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import org.jspecify.annotations.Nullable;

/**
 * A finished run as its study remembers it: its recipe, what its curve taught, its fitted curve and learning rates at
 * {@value #POINTS} fractions, and how it ended. About 2 kB and a copy of its bins, made anew from the run after a
 * restore. Immutable.
 */
public final class FinishedRun {

    static final int POINTS = 60;
    private static final double FIRST_FRACTION = .02;
    private static final double LEAST_LOSS = .05;
    /** A curve must begin before this part of the run to teach. */
    private static final double LATEST_BEGIN = .12;

    /** Evenly in the logarithm from {@value #FIRST_FRACTION} to 1. */
    static final double[] FRACTION = new double[POINTS];

    /** Fractions at which the remaining drop is remembered. */
    static final double[] RISES = {.1, .2, .3, .5, .7, .9};

    static {
        for (int i = 0; i < POINTS; i++) {
            FRACTION[i] = Math.exp(Math.log(FIRST_FRACTION) * (1 - i / (POINTS - 1.0)));
        }
    }

    private final String run;
    private final LogBins bins;
    private final LrPlan plan;
    private final double sigma;
    private final Recipe recipe;
    private final CurveLesson lesson;
    private final boolean annealed;
    private final double begins;
    private final double logFinal;
    private final double[] logCurve = new double[POINTS];
    private final double[] rate = new double[POINTS];
    private final double[] logRise = new double[RISES.length];

    private FinishedRun(
            String run, Recipe recipe, CurveLesson lesson, LrPlan plan, LogBins bins, double sigma, double finalLoss) {
        this.run = run;
        this.bins = bins.first(bins.size());
        this.plan = plan;
        this.sigma = sigma;
        this.recipe = recipe;
        this.lesson = lesson;
        double end = plan.plannedSteps();
        this.annealed = recipe.schedule() == ScheduleClass.GRADUAL || recipe.schedule() == ScheduleClass.LATE;
        this.begins = Math.max(lesson.firstStep(), plan.peakStep()) / end;
        this.logFinal = Math.log(finalLoss);
        CurveFit fit = lesson.fit();
        double first = Math.max(plan.peakStep() + 1, lesson.firstStep());
        for (int i = 0; i < POINTS; i++) {
            double step = Math.max(first, Math.min(FRACTION[i] * end, fit.step()));
            logCurve[i] = Math.log(Math.max(LEAST_LOSS, fit.mean(step)));
            rate[i] = plan.rate(FRACTION[i] * end);
        }
        for (int i = 0; i < RISES.length; i++) {
            logRise[i] = Math.log(fit.level() / Interpolation.ofBins(bins, lesson.firstStep(), RISES[i] * end));
        }
    }

    /** Whether a run with this curve may teach others: it must have been logged from its beginning on. */
    public static boolean teaches(CurveLesson lesson, LrPlan plan, double finalLoss) {
        return lesson.firstStep() < LATEST_BEGIN * plan.plannedSteps() + plan.peakStep() && finalLoss > 0;
    }

    public static FinishedRun of(
            String run, Recipe recipe, CurveLesson lesson, LrPlan plan, LogBins bins, double sigma, double finalLoss) {
        return new FinishedRun(run, recipe, lesson, plan, bins, sigma, finalLoss);
    }

    public String run() {
        return run;
    }

    public Recipe recipe() {
        return recipe;
    }

    LrPlan plan() {
        return plan;
    }

    /** Noise of one observation, nats per token; NaN when unknown. */
    double sigma() {
        return sigma;
    }

    LogBins bins() {
        return bins;
    }

    /** Bins up to a fraction of the plan. */
    int binsUntil(double fraction) {
        int used = 0;
        while (used < bins.size() && bins.meanStep(used) <= fraction * plan.plannedSteps()) {
            used++;
        }
        return used;
    }

    /** Its curve read at a fraction of the plan; null when too little of it is known. */
    @Nullable
    Standing standing(double fraction) {
        return Standing.at(bins, bins.size(), fraction * plan.plannedSteps(), lesson.fit());
    }

    CurveLesson lesson() {
        return lesson;
    }

    /** Whether its learning rate came down at the end. */
    boolean annealed() {
        return annealed;
    }

    /** Fraction from which the curve is known. */
    double begins() {
        return begins;
    }

    double logFinal() {
        return logFinal;
    }

    /** ln of the fitted curve at a fraction. */
    double logCurve(double fraction) {
        return Interpolation.at(FRACTION, logCurve, fraction);
    }

    /** u at {@link #FRACTION} i. */
    double rate(int i) {
        return rate[i];
    }

    /** ln of the last level over the loss at a fraction, linear in ln f. */
    double logRise(double fraction) {
        return Interpolation.inLog(RISES, logRise, fraction);
    }
}
