package io.straightedge.fitter.history;

import io.straightedge.fitter.solve.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The final loss of a run by a regression on finished ones: of what is left to fall from a given part of the run on,
 * or, of the recipe alone, of the loss itself; in logarithms.
 *
 * <p>By the recipe alone it is the distance from {@link Recipe#usualTrend} that is regressed, so that a size that nobody has
 * trained is foreseen by slopes that are usual; outside the runs' sizes and data the slopes' spread is added to the
 * standard deviation. Two Gaussian processes, one with D and one with D/N, averaged. Lengths are learnt on at most {@value
 * #MOST_TO_LEARN} runs, the solution takes at most {@value #MOST_RUNS}, chosen by {@link Selection}. Immutable once
 * made; about a second at {@value #MOST_RUNS} runs, 10 ms at 30.
 */
final class RunRegression {

    static final int LEAST_RUNS = 5;
    private static final int MOST_RUNS = 400;
    private static final int MOST_TO_LEARN = 100;
    private static final int ITERATIONS = 40;
    private static final double CLIP = .003;
    private static final double ROOM = .1;
    private static final double LEAST_SCALE = 1e-4;
    private static final int MOST_FOLDS = 4;
    /** Standard deviations of the trend's slopes over families. */
    private static final double SIZE_SLOPE_SD = .02;

    private static final double DATA_SLOPE_SD = .016;

    /** One of the two. */
    private record Form(FeatureTable table, GaussianProcess process) {}

    private final List<FinishedRun> runs;
    private final List<Form> forms;
    private final @Nullable Double fraction;
    /** Of runs forecast without themselves, or without their size: residual over standard deviation. */
    private final double[] within;

    private final double[] beyond;

    private RunRegression(
            List<FinishedRun> runs, List<Form> forms, @Nullable Double fraction, double[] within, double[] beyond) {
        this.runs = runs;
        this.forms = forms;
        this.fraction = fraction;
        this.within = within;
        this.beyond = beyond;
    }

    /**
     * Fits the runs' remaining fall at {@code fraction}, or the loss by the recipe where that is null; null with fewer
     * than {@value #LEAST_RUNS} runs or nothing that varies.
     */
    static @Nullable RunRegression of(List<FinishedRun> history, @Nullable Double fraction) {
        List<FinishedRun> runs = new ArrayList<>();
        List<Standing> standings = new ArrayList<>();
        for (FinishedRun run : history) {
            Standing standing = fraction == null ? null : run.standing(fraction);
            if (fraction == null || standing != null) {
                runs.add(run);
                if (standing != null) {
                    standings.add(standing);
                }
            }
        }
        if (runs.size() < LEAST_RUNS) {
            return null;
        }
        List<Integer> chosen = Selection.of(runs, MOST_RUNS);
        runs = chosen.stream().map(runs::get).toList();
        if (fraction != null) {
            standings = chosen.stream().map(standings::get).toList();
        }
        double[] target = new double[runs.size()];
        for (int i = 0; i < target.length; i++) {
            FinishedRun run = runs.get(i);
            target[i] = run.logFinal()
                    - (fraction == null
                            ? run.recipe().usualTrend()
                            : standings.get(i).level());
        }
        clip(target);
        List<Form> forms = new ArrayList<>();
        double[][] alone = new double[2][];
        double[][] withoutSize = new double[2][];
        for (int form = 0; form < 2; form++) {
            FeatureTable table = new FeatureTable(runs, fraction == null ? null : standings, form == 1);
            if (!table.useful()) {
                return null;
            }
            double[][] rows = new double[target.length][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = table.row(runs.get(i).recipe(), fraction == null ? null : standings.get(i));
            }
            GroupKernel kernel = table.kernel();
            double centre = Targets.median(target);
            double scale = Math.max(LEAST_SCALE, Targets.deviation(target));
            GroupKernel.At at =
                    kernel.at(learnt(kernel, Selection.of(runs, MOST_TO_LEARN), rows, target, centre, scale));
            if (!(GaussianProcess.fit(at, rows, target, centre, scale)
                    instanceof Outcome.Found<GaussianProcess> found)) {
                return null;
            }
            forms.add(new Form(table, found.value()));
            alone[form] = ratios(found.value().leaveOneOut());
            withoutSize[form] = withoutSizes(runs, at, rows, target, centre, scale);
        }
        return new RunRegression(runs, forms, fraction, averaged(alone), averaged(withoutSize));
    }

    /** ln of the final loss and its standard deviation. */
    GaussianProcess.Moments predict(Recipe recipe, @Nullable Standing standing) {
        double mean = 0;
        double sd = 0;
        for (Form form : forms) {
            GaussianProcess.Moments one = form.process().predict(form.table().row(recipe, standing));
            mean += one.mean() / forms.size();
            sd += one.sd() / forms.size();
        }
        if (standing != null && fraction != null) {
            return new GaussianProcess.Moments(mean + standing.level(), sd);
        }
        double open = trendSd(recipe);
        return new GaussianProcess.Moments(mean + recipe.usualTrend(), Math.sqrt(sd * sd + open * open));
    }

    /** What the usual trend leaves open where the recipe lies outside the runs' sizes or data. */
    private double trendSd(Recipe recipe) {
        double size = SIZE_SLOPE_SD
                * outside(
                        recipe.logParams(),
                        runs.stream().mapToDouble(run -> run.recipe().logParams()));
        double data = DATA_SLOPE_SD
                * outside(
                        recipe.logData(),
                        runs.stream().mapToDouble(run -> run.recipe().logData()));
        return Math.sqrt(size * size + data * data);
    }

    /** How far x lies outside the range of what is known of the others; 0 where nothing is. */
    private static double outside(double x, DoubleStream others) {
        DoubleSummaryStatistics range = others.filter(Double::isFinite).summaryStatistics();
        return Double.isNaN(x) || range.getCount() == 0
                ? 0
                : Math.max(0, Math.max(range.getMin() - x, x - range.getMax()));
    }

    /** Residuals over standard deviations of runs forecast from all others. */
    double[] within() {
        return within;
    }

    /** The same of runs forecast from those of other sizes; empty when there is one size. */
    double[] beyond() {
        return beyond;
    }

    private static double[] learnt(
            GroupKernel kernel, List<Integer> some, double[][] rows, double[] target, double centre, double scale) {
        double[][] x = new double[some.size()][];
        double[] y = new double[some.size()];
        for (int i = 0; i < y.length; i++) {
            x[i] = rows[some.get(i)];
            y[i] = (target[some.get(i)] - centre) / scale;
        }
        return KernelLearning.learn(kernel, x, y, ITERATIONS);
    }

    private static double[] withoutSizes(
            List<FinishedRun> runs, GroupKernel.At at, double[][] rows, double[] target, double centre, double scale) {
        int[] fold = folds(runs);
        int most = Arrays.stream(fold).max().orElse(0);
        double[] ratio = new double[most < 1 ? 0 : runs.size()];
        for (int left = 0; left <= most && ratio.length > 0; left++) {
            List<Integer> others = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                if (fold[i] != left) {
                    others.add(i);
                }
            }
            double[][] x = new double[others.size()][];
            double[] y = new double[others.size()];
            for (int i = 0; i < y.length; i++) {
                x[i] = rows[others.get(i)];
                y[i] = target[others.get(i)];
            }
            if (y.length < LEAST_RUNS
                    || !(GaussianProcess.fit(at, x, y, centre, scale)
                            instanceof Outcome.Found<GaussianProcess> found)) {
                return new double[0];
            }
            for (int i = 0; i < rows.length; i++) {
                if (fold[i] == left) {
                    GaussianProcess.Moments moments = found.value().predict(rows[i]);
                    ratio[i] = (target[i] - moments.mean()) / moments.sd();
                }
            }
        }
        return ratio;
    }

    /**
     * Sizes in their order, neighbours together where there are more than {@value #MOST_FOLDS}; 0 where no size is
     * known.
     */
    private static int[] folds(List<FinishedRun> runs) {
        double[] sizes = runs.stream()
                .mapToDouble(run -> run.recipe().logParams())
                .filter(size -> !Double.isNaN(size))
                .distinct()
                .sorted()
                .toArray();
        int[] fold = new int[runs.size()];
        for (int i = 0; i < fold.length && sizes.length > 1; i++) {
            int at = Math.max(0, Arrays.binarySearch(sizes, runs.get(i).recipe().logParams()));
            fold[i] = at * Math.min(MOST_FOLDS, sizes.length) / sizes.length;
        }
        return fold;
    }

    private static double[] ratios(double[][] residuals) {
        double[] ratios = new double[residuals.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = residuals[i][0] / residuals[i][1];
        }
        return ratios;
    }

    private static double[] averaged(double[][] forms) {
        double[] mean = new double[Math.min(forms[0].length, forms[1].length)];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = .5 * (forms[0][i] + forms[1][i]);
        }
        return mean;
    }

    private static void clip(double[] target) {
        double least = Targets.quantile(target, CLIP);
        double most = Targets.quantile(target, 1 - CLIP);
        double room = ROOM * (most - least);
        for (int i = 0; i < target.length; i++) {
            target[i] = Math.max(least - room, Math.min(most + room, target[i]));
        }
    }
}
