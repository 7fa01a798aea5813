package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.CurveForecaster;
import io.straightedge.fitter.curve.CurvePrior;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.interval.ConformalFactors;
import io.straightedge.fitter.interval.IntervalFactors;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.Forecast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The finished runs of a study, and all that they say of a running one.
 *
 * <p>The law is fitted under {@link FamilyPrior}, and where {@link Donors} are found their forecast of the final loss
 * is averaged with it. From {@value RunRegression#LEAST_RUNS} finished runs on, a {@link RunRegression} of what is left
 * to fall from the same part of the run and one of the recipe alone are stacked with that, each by its precision as the
 * study's own finished runs have shown it: the law by forecasts of them made from the others, the regressions by
 * leaving each out, or its whole size where the running run's size is new; and all regressions less where few of the
 * finished runs have the rest of the run's schedule. With no finished runs this is the law alone.
 *
 * <p>Regressions are made when first needed and kept for some forty fractions of a run; they are functions of the
 * finished runs alone, so it does not matter when or by which thread. A second each at 400 finished runs, 10 ms at 30. All
 * methods are called by one thread.
 */
public final class StudyHistory {

    /** A study without finished runs. */
    public static final StudyHistory EMPTY = new StudyHistory(List.of());

    private static final int LEAST_RUNS = 3;
    private static final int LEAST_OF_SIZE = 5;
    private static final int PLACES_AN_OCTAVE = 8;
    private static final double LATE_PLACES = 40;
    private static final int MOST_SCORED = 60;
    private static final double LAST_FRACTION = .97;
    private static final double SAME_SIZE = .02;

    private static final double USUAL_LAW = 1;
    private static final double USUAL_WITHIN = 1.3;
    private static final double USUAL_BEYOND = 2;
    private static final double ONE_SIZE = 3;
    private static final double ONE_SIZE_RECIPE = 1.5;

    private final List<FinishedRun> runs;
    private final Map<Double, CompletableFuture<Place>> places = new HashMap<>();
    private @Nullable CompletableFuture<Optional<RunRegression>> ofRecipes;

    /** @param runs in the order in which they ended */
    public StudyHistory(List<FinishedRun> runs) {
        this.runs = List.copyOf(runs);
    }

    /** Gives the interval factors of a forecast at a fraction, from those that are shipped for its kind. */
    @FunctionalInterface
    public interface Calibration {
        IntervalFactors at(ConformalFactors shipped, double fraction);
    }

    /**
     * What is known at an eighth of an octave of the fraction: the regression, and how the law's forecasts fared there.
     */
    private record Place(double fraction, @Nullable RunRegression regression, double law) {}

    /** Finished runs that teach. */
    public int size() {
        return runs.size();
    }

    /** Whether this is the history of these very runs. */
    public boolean isOf(List<FinishedRun> others) {
        return runs.equals(others);
    }

    /** What they say of a run that has been seen up to its {@code closedBins}-th bin. */
    public Informed inform(
            CurveForecaster forecaster,
            LogBins bins,
            int closedBins,
            LrPlan plan,
            double sigma,
            Recipe recipe,
            Calibration calibration) {
        int used = Math.min(closedBins, bins.size());
        double fraction = used > 0 ? Math.min(1, bins.meanStep(used - 1) / plan.plannedSteps()) : 0;
        CurvePrior prior = FamilyPrior.of(runs, recipe, fraction);
        Informed alone = new Informed(prior, Double.NaN, Double.NaN, calibration.at(factors(plan), fraction));
        if (runs.size() < LEAST_RUNS
                || !(forecaster.fit(bins, closedBins, plan, sigma, prior) instanceof Outcome.Found<CurveFit> found)) {
            return alone;
        }
        Informed law = withDonors(runs, alone, found.value(), plan, calibration);
        return fraction > 0 && fraction < LAST_FRACTION && runs.size() >= RunRegression.LEAST_RUNS
                ? withRegressions(forecaster, law, found.value(), bins, used, plan, recipe, calibration)
                : law;
    }

    private ConformalFactors factors(LrPlan plan) {
        if (plan.assumed()) {
            return ConformalFactors.UNSCHEDULED;
        }
        return runs.size() < LEAST_RUNS ? ConformalFactors.LAW : ConformalFactors.FAMILY;
    }

    private static Informed withDonors(
            List<FinishedRun> runs, Informed law, CurveFit fit, LrPlan plan, Calibration calibration) {
        Donors.Moments donors = Donors.forecast(runs, fit, plan);
        if (donors == null) {
            return law;
        }
        Forecast own = fit.finalLoss();
        Stack stack = new Stack();
        stack.add(own.mean(), own.scale());
        stack.add(donors.mean(), donors.sd());
        return new Informed(
                law.prior(), stack.mean(), stack.scale(), calibration.at(ConformalFactors.DONORS, fit.fraction()));
    }

    private Informed withRegressions(
            CurveForecaster forecaster,
            Informed law,
            CurveFit fit,
            LogBins bins,
            int used,
            LrPlan plan,
            Recipe recipe,
            Calibration calibration) {
        Place place = place(forecaster, placeNear(fit.fraction()));
        Standing standing = Standing.at(bins, used, place.fraction() * plan.plannedSteps(), fit);
        if (place.regression() == null || standing == null) {
            return law;
        }
        Forecast own = law.ofEnd(fit);
        boolean known = known(recipe);
        long alike = runs.stream()
                .filter(run -> Donors.alike(run, plan, fit.fraction()))
                .count();
        if (plan.assumed() && alike < RunRegression.LEAST_RUNS) {
            return law;
        }
        double entry = alike < RunRegression.LEAST_RUNS
                ? Reliability.unlike(runs.size(), fit.fraction())
                : Reliability.entry((int) alike);
        Stack stack = new Stack();
        stack.add(own.mean(), place.law() * own.scale());
        add(stack, place.regression(), recipe, standing, known, entry);
        RunRegression recipes = ofRecipes();
        if (recipes != null) {
            add(stack, recipes, recipe, null, known, entry);
        }
        return new Informed(
                law.prior(), stack.mean(), stack.scale(), calibration.at(ConformalFactors.REGRESSION, fit.fraction()));
    }

    /** The nearest place: eighths of an octave up to a half of the run, then fortieths of it. */
    private static double placeNear(double fraction) {
        return fraction < .5
                ? Math.pow(
                        2,
                        -Math.round(-PLACES_AN_OCTAVE * Math.log(fraction) / Math.log(2)) / (double) PLACES_AN_OCTAVE)
                : Math.round(LATE_PLACES * fraction) / LATE_PLACES;
    }

    private static void add(
            Stack stack,
            RunRegression regression,
            Recipe recipe,
            @Nullable Standing standing,
            boolean known,
            double entry) {
        GaussianProcess.Moments moments = regression.predict(recipe, standing);
        double shortfall = shortfall(regression, known, standing == null ? ONE_SIZE_RECIPE : ONE_SIZE);
        double loss = Math.exp(moments.mean());
        stack.add(loss, Math.max(1e-6, loss * moments.sd() * shortfall * entry));
    }

    /** Whether the run's size is one of which enough runs have finished, or sizes are not known at all. */
    private boolean known(Recipe recipe) {
        double size = recipe.logParams();
        long alike = runs.stream()
                .filter(run -> !(Math.abs(run.recipe().logParams() - size) > SAME_SIZE))
                .count();
        return alike >= LEAST_OF_SIZE;
    }

    /** The final loss of a run by its recipe alone; null where too few runs have finished to say. */
    public Donors.@Nullable Moments byRecipe(Recipe recipe) {
        RunRegression recipes = ofRecipes();
        if (recipes == null) {
            return null;
        }
        GaussianProcess.Moments moments = recipes.predict(recipe, null);
        double loss = Math.exp(moments.mean());
        return new Donors.Moments(loss, loss * moments.sd());
    }

    /**
     * The same with a standard deviation that is as large as the errors were on the study's own runs, each foretold from the
     * others, or where the run's size is new, from those of other sizes.
     */
    public Donors.@Nullable Moments expected(Recipe recipe) {
        RunRegression recipes = ofRecipes();
        Donors.Moments moments = byRecipe(recipe);
        if (recipes == null || moments == null) {
            return null;
        }
        double shortfall = shortfall(recipes, known(recipe), ONE_SIZE_RECIPE) * Reliability.entry(runs.size());
        return new Donors.Moments(moments.mean(), Math.max(1e-6, moments.sd() * shortfall));
    }

    private static double shortfall(RunRegression regression, boolean known, double oneSize) {
        double[] beyond = regression.beyond();
        return known
                ? Reliability.of(regression.within(), USUAL_WITHIN)
                : beyond.length == 0 ? oneSize : Reliability.of(beyond, USUAL_BEYOND);
    }

    /**
     * Begins to make on {@code executor} what a run that will next be asked about at {@code fraction} needs: regressions
     * are then ready, or waited for, and the same whoever makes them.
     */
    public void prepare(double fraction, Executor executor) {
        if (runs.size() < RunRegression.LEAST_RUNS || !(fraction > 0 && fraction < LAST_FRACTION)) {
            return;
        }
        double at = placeNear(fraction);
        places.computeIfAbsent(
                at, unseen -> CompletableFuture.supplyAsync(() -> made(new CurveForecaster(), at), executor));
        if (ofRecipes == null) {
            ofRecipes =
                    CompletableFuture.supplyAsync(() -> Optional.ofNullable(RunRegression.of(runs, null)), executor);
        }
    }

    /** The fraction near which a run that has come to {@code fraction} will be asked about next. */
    public static double nextPlace(double fraction) {
        return fraction < .5 ? fraction * Math.pow(2, 1. / PLACES_AN_OCTAVE) : fraction + 1 / LATE_PLACES;
    }

    private @Nullable RunRegression ofRecipes() {
        if (ofRecipes == null) {
            ofRecipes = CompletableFuture.completedFuture(Optional.ofNullable(RunRegression.of(runs, null)));
        }
        return ofRecipes.join().orElse(null);
    }

    private Place place(CurveForecaster forecaster, double fraction) {
        return places.computeIfAbsent(fraction, at -> CompletableFuture.completedFuture(made(forecaster, at)))
                .join();
    }

    private Place made(CurveForecaster forecaster, double fraction) {
        RunRegression regression = RunRegression.of(runs, fraction);
        return new Place(fraction, regression, regression == null ? 1 : ofLaw(forecaster, fraction));
    }

    /** How the law would have fared on the finished runs, each informed by the others. */
    private double ofLaw(CurveForecaster forecaster, double fraction) {
        int n = Math.min(MOST_SCORED, runs.size());
        double[] z = new double[n];
        for (int i = 0; i < n; i++) {
            FinishedRun run = runs.get((int) ((i + .5) * runs.size() / n));
            List<FinishedRun> others = new ArrayList<>(runs);
            others.remove(run);
            int used = run.binsUntil(fraction);
            CurvePrior prior = FamilyPrior.of(others, run.recipe(), fraction);
            z[i] = Double.NaN;
            if (forecaster.fit(run.bins(), used, run.plan(), run.sigma(), prior)
                    instanceof Outcome.Found<CurveFit> found) {
                Informed alone = new Informed(prior, Double.NaN, Double.NaN, ConformalFactors.FAMILY.at(fraction));
                Forecast forecast = withDonors(others, alone, found.value(), run.plan(), ConformalFactors::at)
                        .ofEnd(found.value());
                z[i] = (Math.exp(run.logFinal()) - forecast.mean()) / forecast.scale();
            }
        }
        return Reliability.of(z, USUAL_LAW);
    }
}
