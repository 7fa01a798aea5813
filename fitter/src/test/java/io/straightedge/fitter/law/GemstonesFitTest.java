package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The Chinchilla fits that the authors of the Gemstones publish, and how far their exponents move with the choice of points.
 *
 * <p>Twenty of the 32 are of points that the data here hold, which their published objectives confirm to seven digits: hot,
 * after cooldown, learning rate halved, hot from 100B tokens on, from 120B on; each with and without embeddings, at delta 1e-4
 * and 1e-3. Embeddings are 50,304 rows of the model's width, the number in a run's name before the x.
 */
class GemstonesFitTest {

    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();
    private static final double VOCABULARY = 50_304;
    private static final String NO_EMBEDDINGS = "_no_embeds";

    private record Published(String selection, double delta, ChinchillaLaw law, double objective) {}

    private static double withoutEmbeddings(RealFinals.Row row) {
        String run = row.run();
        int width = Integer.parseInt(run.substring(run.indexOf('-') + 1, run.indexOf('x')));
        return row.params() - VOCABULARY * width;
    }

    /** The points of each selection that the data hold, by the name in the published files. */
    private static Map<String, LawPoints> selections() {
        Map<String, List<RealFinals.Row>> rows = new LinkedHashMap<>();
        List<RealFinals.Row> finals = RealFinals.rows("gemstones/finals.csv");
        List<RealFinals.Row> late = RealFinals.select(
                RealFinals.rows("gemstones/curves.csv"), row -> row.family().equals("gemstones_hot_100b+"));
        rows.put("hot", RealFinals.select(finals, row -> row.family().equals("gemstones_hot")));
        rows.put("cool_end", RealFinals.select(finals, row -> row.family().equals("gemstones_cooldown")));
        rows.put(
                "lr_ablation_hot", RealFinals.select(finals, row -> row.family().equals("gemstones_lr_ablation")));
        rows.put("hot_100b+", late);
        rows.put("hot_120b+_only", RealFinals.select(late, row -> row.tokens() > 119e9));
        Map<String, LawPoints> points = new LinkedHashMap<>();
        rows.forEach((name, of) -> {
            points.put(name, RealFinals.points(of, RealFinals.Row::params));
            points.put(name + NO_EMBEDDINGS, RealFinals.points(of, GemstonesFitTest::withoutEmbeddings));
        });
        return points;
    }

    private static List<Published> published() {
        List<Published> fits = new ArrayList<>();
        List<String> lines = RealData.lines("gemstones/published_fits_approach3.csv");
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            double[] x = new double[6];
            for (int i = 0; i < x.length; i++) {
                x[i] = Double.parseDouble(cell[i + 1]);
            }
            String selection = cell[0].substring(cell[0].indexOf("search_0_") + "search_0_".length());
            double delta = cell[0].contains("delta-4") ? 1e-4 : 1e-3;
            fits.add(new Published(selection, delta, ChinchillaLaw.ofLogs(x[1], x[2], x[0], x[3], x[4]), x[5]));
        }
        return fits;
    }

    /** Our law on the points of a published fit; where a fit refuses their span, the optimum from the authors' own. */
    private static ChinchillaLaw ours(Published theirs, LawPoints points) {
        FitOptions options = FitOptions.DEFAULT.withDelta(theirs.delta());
        Outcome<LawFit> outcome = ESTIMATOR.fit(points, options);
        if (theirs.selection().startsWith("hot_120b+_only")) {
            assertThat(outcome).isEqualTo(Outcome.refused("the runs span less than half a decade of tokens"));
            List<Double> start = Arrays.stream(theirs.law().theta()).boxed().toList();
            return theirs.law().withTheta(Objects.requireNonNull(ESTIMATOR.optimum(points, options, List.of(start))));
        }
        assertThat(RealFinals.found(outcome).certificate().certified()).isTrue();
        return (ChinchillaLaw) RealFinals.found(outcome).law();
    }

    @Test
    void fit_onTheAuthorsPoints_neverWorseThanTheirs() {
        Map<String, LawPoints> selections = selections();
        int compared = 0;
        System.out.println("selection, delta: F of theirs, ours over theirs; alpha, beta, a of theirs and ours");
        for (Published theirs : published()) {
            LawPoints points = selections.get(theirs.selection());
            if (points == null) {
                continue;
            }
            double objective = RealFinals.objective(points, theirs.delta(), theirs.law());
            assertThat(objective)
                    .as("their own F on these points, " + theirs)
                    .isCloseTo(theirs.objective(), within(3e-7 * objective));
            ChinchillaLaw ours = ours(theirs, points);
            double reached = RealFinals.objective(points, theirs.delta(), ours);
            print(theirs, objective, ours, reached);
            assertThat(reached).as(theirs.toString()).isLessThanOrEqualTo(objective * (1 + 1e-9));
            compared++;
        }
        assertThat(compared).isEqualTo(20);
    }

    private static void print(Published theirs, double objective, ChinchillaLaw ours, double reached) {
        System.out.printf(
                "%-26s %.0e: %.7e %+.1e; %.4f %.4f %.4f, %.4f %.4f %.4f%n",
                theirs.selection(),
                theirs.delta(),
                objective,
                reached / objective - 1,
                theirs.law().alpha(),
                theirs.law().beta(),
                theirs.law().exponentOfParams(),
                ours.alpha(),
                ours.beta(),
                ours.exponentOfParams());
    }

    /** One suite of models at one bound: what counts as N, and which points are taken, move a from .66 to .74. */
    @Test
    void fit_byChoiceOfPoints_movesTheExponentsAsPublished() {
        Map<String, LawPoints> selections = selections();
        double least = 1;
        double most = 0;
        for (Published theirs : published()) {
            LawPoints points = selections.get(theirs.selection());
            if (points != null && theirs.delta() == 1e-3) {
                ChinchillaLaw ours = ours(theirs, points);
                assertThat(ours.exponentOfParams())
                        .as(theirs.toString())
                        .isCloseTo(theirs.law().exponentOfParams(), within(1e-3));
                least = Math.min(least, ours.exponentOfParams());
                most = Math.max(most, ours.exponentOfParams());
            }
        }
        System.out.printf("a from %.4f to %.4f%n", least, most);
        assertThat(least).isCloseTo(.659, within(1e-3));
        assertThat(most).isCloseTo(.744, within(1e-3));
    }

    /**
     * The published fits to the cooled points have beta .580 at one bound and .690 at the other. That is their optimiser's
     * doing, not the bound's: the second stops half a per cent above the optimum, where beta is .586.
     */
    @Test
    void fit_atTheNarrowBound_isBetterThanPublishedAndMovesLess() {
        LawPoints cooled = Objects.requireNonNull(selections().get("cool_end"));
        ChinchillaLaw narrow = at(cooled, 1e-4);
        ChinchillaLaw wide = at(cooled, 1e-3);
        assertThat(wide.beta()).isCloseTo(.580, within(1e-3));
        assertThat(narrow.beta()).isCloseTo(wide.beta(), within(1e-2));
        Published stopped = published().stream()
                .filter(fit -> fit.selection().equals("cool_end") && fit.delta() == 1e-4)
                .findFirst()
                .orElseThrow();
        assertThat(stopped.law().beta()).isCloseTo(.690, within(1e-3));
        assertThat(RealFinals.objective(cooled, 1e-4, narrow)).isLessThan(stopped.objective() * (1 - 5e-3));
    }

    private static ChinchillaLaw at(LawPoints points, double delta) {
        return (ChinchillaLaw) RealFinals.found(ESTIMATOR.fit(points, FitOptions.DEFAULT.withDelta(delta)))
                .law();
    }
}
