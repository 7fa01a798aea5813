package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.DepartureRule.Departure;
import io.straightedge.fitter.detect.LadderShape;
import io.straightedge.fitter.detect.Scatter;
import io.straightedge.fitter.history.Donors;
import io.straightedge.fitter.history.StudyHistory;
import io.straightedge.fitter.interval.StandardNormal;
import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.RunStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The finished runs of a study, and what they foretell of another one: by Chinchilla's law of their final losses, by a
 * regression on their recipes, and by the shape of their curves. A function of these runs; each part is made when it is first
 * asked for, a law in about 2 ms, a regression in 10 ms at 30 runs and a second at 400.
 *
 * <p>All count up to {@value #ALL_UP_TO}; of more the first to end, in numbers that grow by a tenth, so that what is
 * foretold is not made anew whenever one of thousands ends.
 */
final class Siblings {

    private static final int ALL_UP_TO = 40;
    private static final double GROWTH = 1.1;

    /** Law of five coefficients: a few more runs than those. */
    private static final int LEAST_FOR_LAW = 7;

    private static final int LAW_SIZE = 5;
    private static final int TAIL = 50;
    /** Of ln of the final loss about a law, in ladders of one recipe. */
    private static final double USUAL_SCATTER = .0015;
    /** What a law is off by in a decade of N or D beyond its runs, in units of the loss. */
    private static final double BEYOND = .01;
    /** In the relative learning rate. */
    private static final double SAME_RATE = .05;

    private static final int RATES = 4;
    private static final double RECIPE_FREEDOM = 4;

    /**
     * A finished run.
     *
     * @param params N; NaN where it is not known
     * @param tokens D; NaN where they are not known
     * @param decays whether its learning rate came down
     */
    record Ended(
            RunState run, SplitState split, long steps, double params, double tokens, double loss, boolean decays) {}

    /** What is foretold of a run's final loss, nats per token. */
    record Foretold(double mean, double sd, double freedom, String by) {

        /** How far {@code loss}, known to a standard deviation {@code lossSd}, departs from it. */
        Departure departure(double loss, double lossSd) {
            return new Departure(loss - mean, Math.sqrt(sd * sd + lossSd * lossSd), freedom);
        }
    }

    /** What the law says at a place. */
    record AtPlace(double loss, double sd, double freedom) {}

    private final List<Ended> runs;
    private final boolean undecayedToo;
    private final CurveUpdates curves;
    /** Those that the law is of. */
    private final List<Ended> lawRuns;

    private final Range ofLawParams;
    private final Range ofLawTokens;
    private final Range ofParams;
    private final Range ofSteps;
    private final Range ofTokens;
    private @Nullable Outcome<LawFit> law;
    private @Nullable Scatter scatter;
    private @Nullable StudyHistory history;

    private Siblings(List<Ended> runs, boolean undecayedToo, CurveUpdates curves) {
        this.runs = runs;
        this.undecayedToo = undecayedToo;
        this.curves = curves;
        this.lawRuns = runs.stream()
                .filter(run -> run.params > 0 && run.tokens > 0 && (undecayedToo || run.decays))
                .toList();
        this.ofLawParams = Range.of(lawRuns.stream().mapToDouble(Ended::params));
        this.ofLawTokens = Range.of(lawRuns.stream().mapToDouble(Ended::tokens));
        this.ofParams = Range.of(runs.stream().mapToDouble(Ended::params));
        this.ofSteps = Range.of(runs.stream().mapToDouble(run -> (double) run.steps));
        this.ofTokens = Range.of(
                runs.stream().mapToDouble(run -> Double.isNaN(run.run.tokensPerStep()) ? Double.NaN : run.tokens));
    }

    /** Where numbers lie, and whether all, some or none are known. */
    private record Range(double least, double most, boolean anyKnown, boolean anyUnknown) {

        static Range of(DoubleStream numbers) {
            double[] all = numbers.toArray();
            double[] known = Arrays.stream(all).filter(x -> x > 0).toArray();
            return new Range(
                    Arrays.stream(known).min().orElse(Double.NaN),
                    Arrays.stream(known).max().orElse(Double.NaN),
                    known.length > 0,
                    known.length < all.length);
        }

        /** Decades that x lies outside. */
        double beyond(double x) {
            return Math.max(0, Math.log10(Math.max(x / most, least / x)));
        }

        /** Whether x is known as all are, or unknown as all are. */
        boolean like(double x) {
            return x > 0 ? !anyUnknown : !anyKnown;
        }
    }

    /** Those of a study but for {@code without}; {@code known} itself where they are the same. */
    static Siblings of(StudyState study, CurveUpdates curves, @Nullable RunState without, @Nullable Siblings known) {
        String name = study.primarySplit();
        List<RunState> finished = study.runs.values().stream()
                .filter(run -> run != without && run.status == RunStatus.FINISHED && !run.excluded)
                .sorted(Comparator.comparingLong(run -> run.endedAt))
                .toList();
        List<Ended> ended = new ArrayList<>();
        for (RunState run : finished) {
            SplitState split = run.splits.get(name);
            if (split != null && split.observedFinal > 0 && !CrossRunDetection.isUnlike(study, run)) {
                Double params = run.params();
                ended.add(new Ended(
                        run,
                        split,
                        split.lastStep,
                        params == null ? Double.NaN : params,
                        StudyPoints.tokensSeen(run, split),
                        split.observedFinal,
                        StudyPoints.decays(run)));
            }
        }
        List<Ended> used = List.copyOf(ended.subList(0, counted(ended.size())));
        boolean undecayedToo = StudyPoints.undecayedToo(study);
        if (known != null && known.runs.equals(used) && known.undecayedToo == undecayedToo) {
            return known;
        }
        return new Siblings(used, undecayedToo, curves);
    }

    private static int counted(int n) {
        double count = ALL_UP_TO;
        while (n > ALL_UP_TO && Math.floor(count * GROWTH) <= n) {
            count *= GROWTH;
        }
        return n <= ALL_UP_TO ? n : (int) Math.floor(count);
    }

    int size() {
        return runs.size();
    }

    /** The law of those whose N and D are known; null where they are too few or too much alike. */
    @Nullable
    LawFit law() {
        if (law == null) {
            List<Ended> points = lawRuns;
            law = points.size() < LEAST_FOR_LAW
                    ? Outcome.refused("too few runs have finished")
                    : LawEstimators.chinchilla()
                            .fit(
                                    LawPoints.of(
                                            points.stream()
                                                    .mapToDouble(Ended::params)
                                                    .toArray(),
                                            points.stream()
                                                    .mapToDouble(Ended::tokens)
                                                    .toArray(),
                                            points.stream()
                                                    .mapToDouble(Ended::loss)
                                                    .toArray()),
                                    FitOptions.DEFAULT);
        }
        return law instanceof Outcome.Found<LawFit> found ? found.value() : null;
    }

    /** The law's own prediction, without a run's scatter about it; null without a law. */
    @Nullable
    AtPlace lawAt(double params, double tokens) {
        LawFit fit = law();
        if (fit == null || !(params > 0 && tokens > 0)) {
            return null;
        }
        double[] slope = new double[LAW_SIZE];
        fit.law().gradient(params, tokens, slope);
        double variance = 0;
        for (int i = 0; i < LAW_SIZE; i++) {
            for (int j = 0; j < LAW_SIZE; j++) {
                variance += slope[i] * slope[j] * fit.covariance().get(i).get(j);
            }
        }
        Scatter scatter = scatter();
        double widened = scatter.sd() / Math.max(fit.sigma(), FitOptions.DEFAULT.leastSigma());
        return new AtPlace(
                fit.law().loss(params, tokens),
                Math.sqrt(Math.max(0, variance)) * Math.max(1, widened),
                scatter.freedom());
    }

    /**
     * The scatter of runs about the law, in logarithms: that of the middle of them, or where their tails are heavier, as in sweeps
     * of hyperparameters, what makes the (1 + max(1, n/{@value #TAIL}))-th largest residual a usual one. Residuals count half, as a
     * median of sizes is worth half as many as squares are.
     */
    private Scatter scatter() {
        LawFit fit = law();
        if (scatter == null && fit != null) {
            double[] off = lawRuns.stream()
                    .mapToDouble(run -> Math.abs(Math.log(run.loss / fit.law().loss(run.params, run.tokens))))
                    .sorted()
                    .toArray();
            int n = off.length;
            int rank = 1 + Math.max(1, n / TAIL);
            double tail = off[n - rank] / StandardNormal.central(1 - rank / (n + 1.));
            scatter = Scatter.of(Math.max(fit.sigma(), tail), .5 * (n - LAW_SIZE), USUAL_SCATTER);
        }
        return scatter == null ? Scatter.of(0, 0, USUAL_SCATTER) : scatter;
    }

    /** The final loss of a run by the law; null without one, or a decade or more beyond its runs. */
    @Nullable
    Foretold byLaw(double params, double tokens, boolean decays) {
        LawFit fit = law();
        AtPlace at = undecayedToo || decays ? lawAt(params, tokens) : null;
        if (fit == null || at == null) {
            return null;
        }
        double beyond = ofLawParams.beyond(params) + ofLawTokens.beyond(tokens);
        double scatter = at.loss * scatter().sd();
        double open = at.loss * BEYOND * beyond;
        return beyond > 1
                ? null
                : new Foretold(
                        at.loss,
                        Math.sqrt(at.sd * at.sd + scatter * scatter + open * open),
                        at.freedom,
                        "the law of " + fit.points() + " finished runs");
    }

    /**
     * The final loss of a run by its recipe; null where too few have finished to say, where N or the tokens of a step are known of
     * some and not of others, and a decade or more beyond them.
     */
    @Nullable
    Foretold byRecipe(RunState run) {
        LrPlan plan = run.plan();
        Double params = run.params();
        double size = params == null ? Double.NaN : params;
        double tokensPerStep = run.tokensPerStep();
        if (plan == null || !ofParams.like(size) || !ofTokens.like(tokensPerStep)) {
            return null;
        }
        double beyond = (Double.isNaN(size) ? 0 : ofParams.beyond(size))
                + (Double.isNaN(tokensPerStep)
                        ? ofSteps.beyond((double) plan.plannedSteps())
                        : ofTokens.beyond(plan.plannedSteps() * tokensPerStep));
        if (!(beyond <= 1)) {
            return null;
        }
        if (history == null) {
            history = curves.historyOf(runs);
        }
        Donors.Moments moments = history.expected(run.recipe(plan));
        return moments == null
                ? null
                : new Foretold(
                        moments.mean(),
                        moments.sd(),
                        Math.max(1, RECIPE_FREEDOM + .5 * (history.size() - RECIPE_FREEDOM)),
                        "the recipes of " + history.size() + " finished runs");
    }

    /** How far a run's curve departs at {@code step} from the shape of those with like learning rates; null where it cannot be said. */
    @Nullable
    Departure shape(RunState run, SplitState split, double step) {
        LrPlan plan = run.plan();
        double level = SiblingLevels.at(split.bins, step);
        double half = SiblingLevels.at(split.bins, step / 2);
        if (plan == null || plan.assumed() || !(level > 0 && half > 0) || step / 2 < plan.peakStep()) {
            return null;
        }
        double fraction = step / plan.plannedSteps();
        List<LadderShape.Rung> rungs = new ArrayList<>();
        for (Ended ended : runs) {
            LrPlan other = ended.run.plan();
            if (other == null || ended.run.cutShort(ended.split) || !alike(plan, other, fraction)) {
                continue;
            }
            double end = other.plannedSteps();
            double now = SiblingLevels.at(ended.split.bins, fraction * end);
            double then = SiblingLevels.at(ended.split.bins, fraction * end / 2);
            if (now > 0 && then > 0) {
                rungs.add(new LadderShape.Rung(Math.log(ended.params), Math.log(end), Math.log(then / now)));
            }
        }
        Double params = run.params();
        LadderShape.Rung seen = new LadderShape.Rung(
                params == null ? Double.NaN : Math.log(params),
                Math.log((double) plan.plannedSteps()),
                Math.log(half / level));
        return LadderShape.departure(rungs, seen, level);
    }

    private static boolean alike(LrPlan plan, LrPlan other, double fraction) {
        if (other.assumed() || fraction * other.plannedSteps() / 2 < other.peakStep()) {
            return false;
        }
        boolean alike = true;
        for (int i = 0; i <= RATES; i++) {
            double at = fraction * (.5 + .5 * i / RATES);
            double off = plan.rate(at * plan.plannedSteps()) - other.rate(at * other.plannedSteps());
            alike &= Math.abs(off) <= SAME_RATE;
        }
        return alike;
    }
}
