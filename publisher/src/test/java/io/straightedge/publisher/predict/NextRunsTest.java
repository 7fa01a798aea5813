package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.straightedge.protocol.fit.LawBasin;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.publisher.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextRunsTest {

    private static final List<LawPoint> POINTS = Sample.points(0, 44e6, 90e6, 175e6, 350e6, 760e6);
    private static final LawEstimate LADDER = Sample.law("s", 1, POINTS, List.of(1e21, 1e22));
    private static final ChinchillaLaw RIVAL = new ChinchillaLaw(1.6, 420, 1800, 0.33, 0.35);

    @Test
    void of_ladder_suggestsNewRunsWithinReachBestFirst() {
        NextRuns next = NextRuns.of(LADDER, List.of());

        assertThat(next.rule()).isEqualTo(NextRuns.Rule.VARIANCE);
        assertThat(next.target()).isEqualTo(new Target.Budget(1e22));
        assertThat(next.loss()).isCloseTo(Sample.LAW.optimum(1e22).loss(), within(1e-12));
        assertThat(next.best()).hasSize(3);
        assertThat(next.best())
                .isSortedAccordingTo(Comparator.comparingDouble(NextRun::score).reversed());
        for (NextRun run : next.best()) {
            assertThat(run.flops()).isCloseTo(6 * run.params() * run.tokens(), withinPercentage(1e-9));
            assertThat(run.score()).isCloseTo(run.drop() / run.flops(), withinPercentage(1e-9));
            assertThat(run.sdAfter()).isLessThan(next.sd()).isPositive();
            assertThat(run.predictedLoss()).isCloseTo(Sample.LAW.loss(run.params(), run.tokens()), within(1e-9));
            assertThat(POINTS)
                    .noneMatch(point -> new Candidate(point.params(), point.tokens())
                            .within(1.2, new Candidate(run.params(), run.tokens())));
        }
        assertThat(next.bySpend())
                .isSortedAccordingTo(Comparator.comparingDouble(NextRun::flops))
                .isSortedAccordingTo(Comparator.comparingDouble(NextRun::drop));
        assertThat(next.bySpend()).hasSizeGreaterThan(2);
    }

    @Test
    void of_runsUnderWay_areNotSuggestedAgain() {
        NextRun first = NextRuns.of(LADDER, List.of()).best().get(0);
        Candidate taken = new Candidate(first.params(), first.tokens());

        NextRuns next = NextRuns.of(LADDER, List.of(taken));

        assertThat(next.best()).noneMatch(run -> taken.within(1.01, new Candidate(run.params(), run.tokens())));
    }

    @Test
    void ranked_costExponent_weighsCostAgainstWorth() {
        List<Basin> basins = List.of(new Basin(1, Sample.LAW, LADDER.covariance()));
        List<Candidate> candidates = candidates();

        NextRun mostTold = ranked(basins, candidates, 0).get(0);
        NextRun perFlop = ranked(basins, candidates, 1).get(0);
        NextRun cheapest = ranked(basins, candidates, 50).get(0);

        assertThat(mostTold.drop())
                .isEqualTo(ranked(basins, candidates, 1).stream()
                        .mapToDouble(NextRun::drop)
                        .max()
                        .orElseThrow());
        assertThat(perFlop.flops()).isLessThanOrEqualTo(mostTold.flops());
        assertThat(cheapest.flops())
                .isEqualTo(
                        candidates.stream().mapToDouble(Candidate::flops).min().orElseThrow());
    }

    @Test
    void ranked_candidatesInAnotherOrder_isTheSame() {
        List<Basin> basins =
                List.of(new Basin(2, Sample.LAW, LADDER.covariance()), new Basin(1, RIVAL, LADDER.covariance()));
        List<Candidate> shuffled = new ArrayList<>(candidates());
        long seed = 11;
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(ranked(basins, shuffled, 1)).as("seed %d", seed).isEqualTo(ranked(basins, candidates(), 1));
    }

    @Test
    void of_rivalOptimum_widensTheTargetAndIsNamed() {
        double objective = LADDER.objective();
        LawEstimate torn = with(
                LADDER,
                POINTS,
                LADDER.law(),
                List.of(new LawBasin(objective, Sample.LAW), new LawBasin(1.02 * objective, RIVAL)));
        LawEstimate settled = with(
                LADDER,
                POINTS,
                LADDER.law(),
                List.of(new LawBasin(objective, Sample.LAW), new LawBasin(50 * objective, RIVAL)));

        assertThat(NextRuns.of(torn, List.of()).sd())
                .isGreaterThan(1.2 * NextRuns.of(LADDER, List.of()).sd());
        assertThat(NextRuns.of(torn, List.of()).notes()).anyMatch(note -> note.contains("1 rival optima"));
        assertThat(NextRuns.of(settled, List.of())).isEqualTo(NextRuns.of(LADDER, List.of()));
    }

    @Test
    void weight_rivals_isThatOfTheirBic() {
        assertThat(Basins.weight(2e-4, 2e-4, 240, 5)).isEqualTo(1);
        // n = 8 < 2p: no temper, so (F/F_k)^n.
        assertThat(Basins.weight(1, 2, 8, 5)).isCloseTo(Math.pow(2, -8), within(1e-15));
        // n = 240: T = 24, so (F/F_k)^(2p).
        assertThat(Basins.weight(1, 2, 240, 5)).isCloseTo(Math.pow(2, -10), within(1e-15));
    }

    @Test
    void of_rivalAtTheOptimumItself_hasTheCovarianceOfTheResiduals() {
        LawEstimate twin =
                with(LADDER, POINTS, LADDER.law(), List.of(new LawBasin(1.0001 * LADDER.objective(), Sample.LAW)));

        List<Basin> basins = Basins.of(twin, Sample.SCATTER);

        assertThat(basins).hasSize(2);
        for (int i = 0; i < 5; i++) {
            // The ladder's covariance has a ridge of 1e-9, which the condition of the problem magnifies.
            assertThat(basins.get(1).covariance().get(i).get(i))
                    .isCloseTo(LADDER.covariance().get(i).get(i), withinPercentage(1));
        }
    }

    @Test
    void of_tooFewRuns_fillsSpaceCheapestFirst() {
        List<LawPoint> few = POINTS.subList(0, 1);
        NextRuns next = NextRuns.of(with(LADDER, few, null, List.of()), List.of());

        assertThat(next.rule()).isEqualTo(NextRuns.Rule.SPACE_FILLING);
        assertThat(next.best()).isNotEmpty();
        assertThat(next.best()).isSortedAccordingTo(Comparator.comparingDouble(NextRun::flops));
        assertThat(next.best().get(0).drop()).isNaN();
        assertThat(next.notes()).contains("no law yet: the cheapest run that shows something new comes first");
    }

    @Test
    void of_noRunsAtAll_saysSo() {
        NextRuns next = NextRuns.of(Sample.noLaw("s"), List.of());

        assertThat(next.best()).isEmpty();
        assertThat(next.notes()).anyMatch(note -> note.startsWith("no run to begin from"));
        assertThat(NextRuns.of(Sample.noLaw("s"), List.of(new Candidate(1e8, 2e9)))
                        .best())
                .isNotEmpty();
    }

    @Test
    void of_noCovariance_fillsSpaceAndSaysWhy() {
        LawEstimate unknown = RecommendationsTest.withoutCovariance(LADDER);

        NextRuns next = NextRuns.of(unknown, List.of());

        assertThat(next.rule()).isEqualTo(NextRuns.Rule.SPACE_FILLING);
        assertThat(next.notes()).anyMatch(note -> note.startsWith("how well the law is known is not known"));
    }

    @Test
    void spaceFilling_followed_spansNAndDAndTheirBends() {
        List<Candidate> runs = new ArrayList<>();
        List<Candidate> candidates = new ArrayList<>(candidates());
        for (int i = 0; i < 5; i++) {
            NextRun next = NextRuns.spaceFilling(runs, candidates).get(0);
            runs.add(new Candidate(next.params(), next.tokens()));
        }

        assertThat(runs.stream().map(Candidate::params).distinct()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(runs.stream().map(Candidate::tokens).distinct()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(runs.stream().distinct()).hasSize(5);
    }

    @Test
    void spaceFilling_inOtherUnits_isTheSame() {
        List<Candidate> runs = List.of(new Candidate(1e8, 2e9), new Candidate(2e8, 2e9), new Candidate(2e8, 8e9));

        List<Candidate> order = SpaceFilling.order(runs, candidates());
        List<Candidate> scaled = SpaceFilling.order(
                runs.stream().map(NextRunsTest::inMillionsAndBillions).toList(),
                candidates().stream().map(NextRunsTest::inMillionsAndBillions).toList());

        assertThat(scaled)
                .isEqualTo(
                        order.stream().map(NextRunsTest::inMillionsAndBillions).toList());
    }

    @Test
    void spaceFilling_manyModelsOfAboutOneSize_doesNotStayAmongThem() {
        List<Candidate> runs = new ArrayList<>();
        for (double params : new double[] {4.8e7, 5.2e7, 6.7e7, 9.5e7, 1e8, 1.1e8, 1.2e8}) {
            runs.add(new Candidate(params, 1e10));
            runs.add(new Candidate(params, 2e10));
            runs.add(new Candidate(params, 4e10));
        }
        List<Candidate> candidates =
                List.of(new Candidate(7e7, 1e10), new Candidate(1.05e8, 2e10), new Candidate(5e8, 1e10));

        assertThat(SpaceFilling.order(runs, candidates)).containsExactly(new Candidate(5e8, 1e10));
    }

    @Test
    void among_candidates_ranksThoseAlone() {
        List<Candidate> candidates = List.of(new Candidate(1e8, 8e9), new Candidate(1.5e9, 3e10));

        NextRuns next = NextRuns.among(LADDER, new Target.Run(7e9, 1.4e11), candidates, 1);

        assertThat(next.best())
                .extracting(run -> new Candidate(run.params(), run.tokens()))
                .containsExactlyInAnyOrderElementsOf(candidates);
    }

    @Test
    void around_runs_staysWithinReach() {
        List<Candidate> runs = List.of(new Candidate(1e8, 2e9), new Candidate(4e8, 8e9));

        List<Candidate> grid = CandidateGrid.around(runs, 1e20);

        assertThat(grid).isNotEmpty();
        for (Candidate candidate : grid) {
            assertThat(candidate.params()).isBetween(0.9e8, 1.7e9);
            assertThat(candidate.tokens()).isBetween(1.9e9, 3.3e10);
            assertThat(candidate.flops()).isLessThanOrEqualTo(4 * 6 * 4e8 * 8e9);
        }
        assertThat(CandidateGrid.around(List.of(), 1e20)).isEmpty();
        assertThat(CandidateGrid.around(runs, 1e15)).isEmpty();
    }

    private static Candidate inMillionsAndBillions(Candidate candidate) {
        return new Candidate(candidate.params() / 1e6, candidate.tokens() / 1e9);
    }

    private static List<NextRun> ranked(List<Basin> basins, List<Candidate> candidates, double costExponent) {
        return NextRuns.ranked(
                new ExpectedDrop(basins, new Target.Budget(1e22), Sample.SCATTER), candidates, costExponent);
    }

    private static List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (double params = 5e7; params < 2e9; params *= 2) {
            for (double tokens = 1e9; tokens < 1e11; tokens *= 2) {
                candidates.add(new Candidate(params, tokens));
            }
        }
        return candidates;
    }

    private static LawEstimate with(
            LawEstimate known, List<LawPoint> points, @Nullable RunLaw law, List<LawBasin> basins) {
        return new LawEstimate(
                known.study(),
                known.name(),
                known.id(),
                known.sequence(),
                known.revision(),
                law,
                known.covariance(),
                known.calibration(),
                known.objective(),
                known.gradientNorm(),
                known.condition(),
                known.paramsCount(),
                points,
                known.budgetsFlops(),
                known.diagnostics(),
                known.provenance(),
                known.sigma(),
                basins,
                null,
                null);
    }
}
