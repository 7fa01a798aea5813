package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.CurveLesson;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LrPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a study's finished runs say of a running one's coefficients.
 *
 * <p>From three runs on, alpha and the drop C are read off lines in the recipe's logarithms ({@link RecipeTrend}),
 * drawn towards the trend of all studies; runs with another class of schedule count less, and their drop is moved by a
 * tenth. C is in units of the loss where it is measured: a finished run's, taken at its end, is carried to fraction f
 * by its own fall from there. Shape weights are the mean posterior of the finished runs. O(n), deterministic.
 */
public final class FamilyPrior {

    private static final int LEAST_RUNS = 3;

    private static final double SHAPES_PULL = 2;
    private static final double LEAST_SHAPE_WEIGHT = .05;

    private static final double[] NO_SLOPE = {0, 0, 0, 0};
    private static final double[] ALPHA_SLOPE_SD = {.05, .05, .05, .05};
    private static final double ALPHA_NOISE = .2;
    private static final double ALPHA_PULL = 4;
    private static final double ALPHA_SPREAD = .15;
    private static final double LEAST_ALPHA_SD = .12;

    private static final double[] DROP_SLOPE = {.33, 0, .1, -.1};
    private static final double[] DROP_SLOPE_SD = {.12, .1, .1, .1};
    private static final double DROP_NOISE = .25;
    private static final double DROP_PULL = 3;
    private static final double DROP_SPREAD = .2;
    private static final double OTHER_CLASS_SD = .5;
    private static final double LATE_OVER_GRADUAL = -.1;
    private static final double LEAST_DROP_SD = .12;
    private static final double LEAST_DROP = .01;

    /** ln (loss at the end / loss at f) of runs of many studies, at {@link FinishedRun#RISES}. */
    private static final double[] USUAL_RISE = {
        Math.log(.88), Math.log(.91), Math.log(.93), Math.log(.955), Math.log(.98), Math.log(.994)
    };

    private FamilyPrior() {}

    /** The prior of a run of {@code recipe} at {@code fraction} of its plan. */
    public static CurvePrior of(List<FinishedRun> runs, Recipe recipe, double fraction) {
        CurvePrior universal = CurvePrior.universal(recipe.adamPeakRate());
        if (runs.size() < LEAST_RUNS) {
            return universal;
        }
        List<FinishedRun> same = runs.stream()
                .filter(run -> run.recipe().schedule() == recipe.schedule())
                .toList();
        List<FinishedRun> close = same.size() >= LEAST_RUNS ? same : runs;
        RecipeTrend alpha = alpha(close, recipe);
        List<FinishedRun> annealed = runs.stream().filter(FinishedRun::annealed).toList();
        Drops drops = annealed.size() >= LEAST_RUNS
                ? drops(annealed, recipe, fraction)
                : new Drops(universal.dropMean(), universal.dropSd());
        return new CurvePrior(
                alpha.value(),
                Math.max(LEAST_ALPHA_SD, Math.sqrt(alpha.variance())),
                drops.mean(),
                drops.sd(),
                shapeWeights(close));
    }

    private record Drops(List<Double> mean, List<Double> sd) {}

    private static List<Double> shapeWeights(List<FinishedRun> runs) {
        Double[] weights = new Double[LrPlan.SHAPES];
        for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
            double sum = SHAPES_PULL / LrPlan.SHAPES;
            for (FinishedRun run : runs) {
                sum += run.lesson().shapeWeights()[shape];
            }
            weights[shape] = sum / (runs.size() + SHAPES_PULL) + LEAST_SHAPE_WEIGHT;
        }
        return Arrays.asList(weights);
    }

    private static RecipeTrend alpha(List<FinishedRun> runs, Recipe recipe) {
        int n = runs.size();
        double[][] x = new double[n][];
        double[] y = new double[n];
        double[] weight = new double[n];
        for (int j = 0; j < n; j++) {
            CurveLesson lesson = runs.get(j).lesson();
            x[j] = runs.get(j).recipe().features();
            y[j] = lesson.logAlpha();
            double spread = ALPHA_SPREAD * ALPHA_SPREAD;
            weight[j] = spread / (lesson.logAlphaSd() * lesson.logAlphaSd() + spread);
        }
        return RecipeTrend.fit(
                x,
                y,
                weight,
                recipe.features(),
                NO_SLOPE,
                ALPHA_SLOPE_SD,
                ALPHA_NOISE,
                ALPHA_PULL,
                CurvePrior.LOG_ALPHA);
    }

    private static Drops drops(List<FinishedRun> runs, Recipe recipe, double fraction) {
        int n = runs.size();
        double[][] x = new double[n][];
        double[] y = new double[n];
        double[] weight = new double[n];
        double[][] off = new double[n][LrPlan.SHAPES];
        double total = 0;
        for (int j = 0; j < n; j++) {
            FinishedRun run = runs.get(j);
            CurveLesson lesson = run.lesson();
            boolean other = run.recipe().schedule() != recipe.schedule();
            double shift =
                    !other || recipe.schedule() == ScheduleClass.CONSTANT || recipe.schedule() == ScheduleClass.UNKNOWN
                            ? 0
                            : recipe.schedule() == ScheduleClass.LATE ? LATE_OVER_GRADUAL : -LATE_OVER_GRADUAL;
            double mean = 0;
            for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
                off[j][shape] = Math.log(Math.max(LEAST_DROP, lesson.drops()[shape]))
                        + shift
                        - Math.log(CurvePrior.shapeFactor(shape));
                mean += off[j][shape] / LrPlan.SHAPES;
            }
            for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
                off[j][shape] -= mean;
            }
            double sd = Math.min(1, lesson.dropSd() / Math.max(LEAST_DROP, lesson.drop()));
            x[j] = run.recipe().features();
            y[j] = mean + run.logRise(fraction);
            weight[j] = DROP_SPREAD
                    * DROP_SPREAD
                    / (sd * sd + DROP_SPREAD * DROP_SPREAD + (other ? OTHER_CLASS_SD * OTHER_CLASS_SD : 0));
            total += weight[j];
        }
        double base = Math.log(CurvePrior.universalDrop(recipe.adamPeakRate()))
                + Interpolation.inLog(FinishedRun.RISES, USUAL_RISE, fraction);
        RecipeTrend trend = RecipeTrend.fit(
                x, y, weight, recipe.features(), DROP_SLOPE, DROP_SLOPE_SD, DROP_NOISE, DROP_PULL, base);
        double spread = Math.max(LEAST_DROP_SD, Math.sqrt(trend.variance()));
        List<Double> mean = new ArrayList<>();
        List<Double> sd = new ArrayList<>();
        for (int shape = 0; shape < LrPlan.SHAPES; shape++) {
            double average = 0;
            for (int j = 0; j < n; j++) {
                average += weight[j] * off[j][shape] / total;
            }
            double drop = CurvePrior.shapeFactor(shape) * Math.exp(trend.value() + average * n / (n + DROP_PULL));
            mean.add(drop);
            sd.add(spread * drop);
        }
        return new Drops(mean, sd);
    }
}
