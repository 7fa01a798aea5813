package io.straightedge.publisher.predict;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which run to make next, so that a target's loss is known better: a run's worth is its {@link ExpectedDrop} over
 * flops^costExponent.
 *
 * @param rule by which the runs were chosen
 * @param target what is to be known; null without a law
 * @param loss of the target as predicted now, nats per token; NaN without a law
 * @param sd its standard deviation now, by what is believed of the law and of losses' drift from it; NaN without a law
 * @param costExponent 1 for the most told per FLOP, 0 for the most told
 * @param best the best, first the best of all, at most {@value #MOST_BEST}
 * @param bySpend for those who can spend more or less: by rising cost, each the one that tells most in its factor of 4
 *     of cost and more than all cheaper ones; empty without a law
 * @param notes what to know before relying on it, in words
 */
public record NextRuns(
        Rule rule,
        @Nullable Target target,
        double loss,
        double sd,
        double costExponent,
        List<NextRun> best,
        List<NextRun> bySpend,
        List<String> notes) {

    private static final int MOST_BEST = 3;
    private static final double COST_STEP = 4;
    /**
     * Least noise of a run's log loss that is believed: seeds alone make nearly as much, and a few runs can seem to fit
     * exactly.
     */
    private static final double LEAST_SIGMA = 1e-3;
    /** A run that leaves more than this part of the standard deviation is said to tell little. */
    private static final double LITTLE = 0.95;

    private static final Comparator<NextRun> BEST_FIRST = Comparator.comparingDouble(NextRun::score)
            .reversed()
            .thenComparingDouble(NextRun::flops)
            .thenComparingDouble(NextRun::params);

    /** How runs are chosen. */
    public enum Rule {
        /** By the expected drop of the variance of the target's loss. */
        @JsonProperty("variance")
        VARIANCE,
        /** The cheapest that shows something new: there are too few runs for a law. */
        @JsonProperty("space-filling")
        SPACE_FILLING
    }

    public NextRuns {
        best = List.copyOf(best);
        bySpend = List.copyOf(bySpend);
        notes = List.copyOf(notes);
    }

    /**
     * For the largest budget that the study asks for, per FLOP.
     *
     * @param underWay runs of the study that are made or planned already, whether or not the law has a point of them
     */
    public static NextRuns of(LawEstimate estimate, List<Candidate> underWay) {
        double flops = Recommendations.largestAsked(estimate);
        return of(estimate, flops > 0 ? new Target.Budget(flops) : null, underWay, 1);
    }

    /** For a target; null when there is no budget to aim at, which leaves the space-filling rule. */
    public static NextRuns of(
            LawEstimate estimate, @Nullable Target target, List<Candidate> underWay, double costExponent) {
        List<Candidate> known = new ArrayList<>(sizes(estimate));
        known.addAll(underWay);
        double mostFlops = target instanceof Target.Budget budget ? budget.flops() : Double.POSITIVE_INFINITY;
        return among(estimate, target, known, CandidateGrid.around(known, mostFlops), costExponent);
    }

    /** Among the given candidates alone; another run of a size made already may be one. */
    public static NextRuns among(
            LawEstimate estimate, @Nullable Target target, List<Candidate> candidates, double costExponent) {
        return among(estimate, target, sizes(estimate), candidates, costExponent);
    }

    private static NextRuns among(
            LawEstimate estimate,
            @Nullable Target target,
            List<Candidate> known,
            List<Candidate> candidates,
            double costExponent) {
        List<LawPoint> made = made(estimate);
        double sigma = sigma(estimate);
        List<Basin> basins = Basins.of(estimate, sigma);
        boolean told = estimate.law() instanceof SurfaceLaw law && made.size() > law.size();
        if (target == null || basins.isEmpty() || !told) {
            return spaceFilling(estimate, known, candidates, costExponent);
        }
        List<Basin> before = basins.stream()
                .map(basin -> VaguePrior.of(steadied(basin, estimate), made))
                .toList();
        return byVariance(
                new ExpectedDrop(before, Drift.USUAL, made, target, sigma),
                before.size(),
                target,
                candidates,
                costExponent);
    }

    /** The law's own basin about the forecast's first law, which a prior keeps sensible where runs are few. */
    private static Basin steadied(Basin basin, LawEstimate estimate) {
        Extrapolation forecast = estimate.extrapolation();
        return forecast == null || !basin.law().equals(estimate.law())
                ? basin
                : new Basin(basin.weight(), forecast.first(), forecast.covariance());
    }

    private static List<LawPoint> made(LawEstimate estimate) {
        return estimate.points().stream()
                .filter(point -> point.weight() > 0 && Candidate.possible(point.params(), point.tokens()))
                .toList();
    }

    private static List<Candidate> sizes(LawEstimate estimate) {
        return made(estimate).stream()
                .map(point -> new Candidate(point.params(), point.tokens()))
                .toList();
    }

    /** Every candidate with what it would tell, the best first. */
    static List<NextRun> ranked(ExpectedDrop expected, List<Candidate> candidates, double costExponent) {
        return candidates.stream()
                .map(candidate -> run(expected, candidate, costExponent))
                .filter(run -> Double.isFinite(run.score()))
                .sorted(BEST_FIRST)
                .toList();
    }

    /** The candidates to begin with when there are too few {@code runs} for a law, the first to be made first. */
    public static List<NextRun> spaceFilling(List<Candidate> runs, List<Candidate> candidates) {
        return SpaceFilling.order(runs, candidates).stream()
                .map(candidate -> new NextRun(
                        candidate.params(),
                        candidate.tokens(),
                        candidate.flops(),
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN))
                .toList();
    }

    private static NextRun run(ExpectedDrop expected, Candidate candidate, double costExponent) {
        double drop = expected.of(candidate.params(), candidate.tokens());
        return new NextRun(
                candidate.params(),
                candidate.tokens(),
                candidate.flops(),
                expected.predicted(candidate.params(), candidate.tokens()),
                drop,
                Math.sqrt(Math.max(0, expected.variance() - drop)),
                drop / Math.pow(candidate.flops(), costExponent));
    }

    private static NextRuns byVariance(
            ExpectedDrop expected, int basins, Target target, List<Candidate> candidates, double costExponent) {
        List<NextRun> ranked = ranked(expected, candidates, costExponent);
        double sd = Math.sqrt(Math.max(0, expected.variance()));
        List<NextRun> bySpend = bySpend(ranked);
        List<String> notes = new ArrayList<>();
        if (basins > 1) {
            notes.add("the fit has " + (basins - 1)
                    + " rival optima that explain the runs nearly as well: telling them apart counts too");
        }
        if (ranked.isEmpty()) {
            notes.add("no run within reach that is not made already");
        } else if (bySpend.isEmpty() || bySpend.get(bySpend.size() - 1).sdAfter() > LITTLE * sd) {
            notes.add(String.format(
                    Locale.ROOT,
                    "no single run within reach takes more than %.0f %% off the uncertainty",
                    100 * (1 - LITTLE)));
        }
        return new NextRuns(
                Rule.VARIANCE,
                target,
                expected.mean(),
                sd,
                costExponent,
                ranked.subList(0, Math.min(MOST_BEST, ranked.size())),
                bySpend,
                notes);
    }

    private static NextRuns spaceFilling(
            LawEstimate estimate, List<Candidate> known, List<Candidate> candidates, double costExponent) {
        List<NextRun> order = spaceFilling(known, candidates);
        List<String> notes = new ArrayList<>();
        notes.add(
                estimate.law() == null
                        ? "no law yet: the cheapest run that shows something new comes first"
                        : "how well the law is known is not known: the cheapest run that shows something new comes first");
        if (known.isEmpty()) {
            notes.add("no run to begin from: make a few small ones of different N and D");
        }
        return new NextRuns(
                Rule.SPACE_FILLING,
                null,
                Double.NaN,
                Double.NaN,
                costExponent,
                order.subList(0, Math.min(MOST_BEST, order.size())),
                List.of(),
                notes);
    }

    private static List<NextRun> bySpend(List<NextRun> runs) {
        double cheapest = runs.stream().mapToDouble(NextRun::flops).min().orElse(1);
        Map<Long, NextRun> steps = new TreeMap<>();
        for (NextRun run : runs) {
            long step = (long) Math.floor(Math.log(run.flops() / cheapest) / Math.log(COST_STEP));
            steps.merge(step, run, (one, other) -> other.drop() > one.drop() ? other : one);
        }
        List<NextRun> rising = new ArrayList<>();
        double most = 0;
        for (NextRun run : steps.values()) {
            if (run.drop() > most) {
                most = run.drop();
                rising.add(run);
            }
        }
        return rising;
    }

    private static double sigma(LawEstimate estimate) {
        LawSpread spread = LawSpread.of(estimate);
        Extrapolation forecast = estimate.extrapolation();
        double sigma = forecast != null
                ? forecast.sigma()
                : estimate.sigma() > 0 || spread == null ? estimate.sigma() : spread.scatter();
        return sigma > LEAST_SIGMA && Double.isFinite(sigma) ? sigma : LEAST_SIGMA;
    }
}
