package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fits to the real ladders: certified, the best that other starts find too, and sane or doubted in words. */
class LadderFitsTest {

    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();
    private static final int STARTS = 30;

    private static Map<String, LawPoints> ladders() {
        Map<String, LawPoints> ladders = new LinkedHashMap<>();
        for (String folder : List.of("olmo_ladder", "gadre", "porian")) {
            ladders.putAll(RealFinals.families(folder + "/finals.csv"));
        }
        assertThat(ladders).hasSize(1 + 3 + 15);
        return ladders;
    }

    private static double mostFlops(LawPoints points) {
        double most = 0;
        for (int i = 0; i < points.size(); i++) {
            most = Math.max(most, points.flops(i));
        }
        return most;
    }

    private static double leastLoss(LawPoints points) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < points.size(); i++) {
            least = Math.min(least, points.loss(i));
        }
        return least;
    }

    @Test
    void fit_realLadders_areCertifiedAndSaneOrDoubted() {
        ladders().forEach((name, points) -> {
            LawFit fit = RealFinals.found(ESTIMATOR.fit(points, OPTIONS));
            ChinchillaLaw law = (ChinchillaLaw) fit.law();
            Allocation next = law.optimum(10 * mostFlops(points));
            System.out.printf(
                    "%s: %d points, E %.3f alpha %.3f beta %.3f a %.3f, sigma %.4f, gradient %.0e, condition %.0e,"
                            + " basins %d, at ten times the compute N %.2g D %.2g L %.3f, doubts %s%n",
                    name,
                    fit.points(),
                    law.E(),
                    law.alpha(),
                    law.beta(),
                    law.exponentOfParams(),
                    fit.sigma(),
                    fit.certificate().gradientNorm(),
                    fit.certificate().condition(),
                    fit.certificate().basins().size(),
                    next.params(),
                    next.tokens(),
                    next.loss(),
                    fit.diagnostics());
            assertThat(fit.certificate().certified()).as(name).isTrue();
            assertThat(fit.certificate().basins().get(0).objective()).isEqualTo(fit.objective());
            boolean sane = law.alpha() > 0.05
                    && law.alpha() < 0.8
                    && law.beta() > 0.05
                    && law.beta() < 0.8
                    && law.E() > 0.5
                    && law.E() < leastLoss(points)
                    && next.loss() < leastLoss(points);
            assertThat(sane || !fit.diagnostics().isEmpty()).as(name).isTrue();
        });
    }

    @Test
    void optimum_fromStartsAllOver_findsNoBetterOne() {
        long seed = 51;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ladders().forEach((name, points) -> {
            double objective = RealFinals.found(ESTIMATOR.fit(points, OPTIONS)).objective();
            int again = 0;
            for (int i = 0; i < STARTS; i++) {
                double[] theta = ESTIMATOR.optimum(points, OPTIONS, List.of(start(points, random)));
                if (theta != null) {
                    ChinchillaLaw law = ChinchillaLaw.ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]);
                    double reached = RealFinals.objective(points, OPTIONS.delta(), law);
                    assertThat(reached).as(name + " " + law).isGreaterThanOrEqualTo(objective * (1 - 1e-9));
                    again += reached <= objective * (1 + 1e-9) ? 1 : 0;
                }
            }
            assertThat(again).as(name).isPositive();
        });
    }

    /** Any exponents, and terms of .1 to 3 nats at a point of the ladder. */
    private static List<Double> start(LawPoints points, Random random) {
        int at = random.nextInt(points.size());
        double alpha = 0.02 + 1.5 * random.nextDouble();
        double beta = 0.02 + 1.5 * random.nextDouble();
        double[] theta = {
            alpha * Math.log(points.params(at)) - 2.3 + 3.4 * random.nextDouble(),
            beta * Math.log(points.tokens(at)) - 2.3 + 3.4 * random.nextDouble(),
            -1 + 2 * random.nextDouble(),
            alpha,
            beta
        };
        return Arrays.stream(theta).boxed().toList();
    }
}
