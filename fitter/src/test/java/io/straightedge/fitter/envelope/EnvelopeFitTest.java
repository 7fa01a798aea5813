package io.straightedge.fitter.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.law.Found;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvelopeFitTest {

    private static final ChinchillaLaw LAW = new ChinchillaLaw(1.8172, 477.8, 2143.4, 0.3473, 0.3672);
    private static final int SIZES = 40;
    private static final int CHECKPOINTS = 60;
    private static final EnvelopeOptions PAPER = EnvelopeOptions.DEFAULT;

    /** Curves of the law itself, from a thirtieth to thirty times the compute at which their size is the best. */
    private static LawPoints curves(double noise, long seed) {
        Random random = new Random(seed);
        int n = SIZES * CHECKPOINTS;
        double[][] c = new double[5][n];
        int[] run = new int[n];
        for (int i = 0; i < n; i++) {
            run[i] = i / CHECKPOINTS;
            double best = 1e18 * Math.pow(1e4, run[i] / (SIZES - 1.0));
            c[0][i] = LAW.optimum(best).params();
            c[2][i] = best * Math.pow(900, i % CHECKPOINTS / (CHECKPOINTS - 1.0) - 0.5);
            c[1][i] = c[2][i] / (6 * c[0][i]);
            c[3][i] = LAW.loss(c[0][i], c[1][i]) * Math.exp(noise * random.nextGaussian());
            c[4][i] = 1;
        }
        return LawPoints.of(c[0], c[1], c[2], c[3], c[4], run);
    }

    private static boolean[] flags(LawPoints points, boolean annealed) {
        boolean[] flags = new boolean[points.size()];
        Arrays.fill(flags, annealed);
        return flags;
    }

    private static EnvelopeTrends fit(LawPoints points, boolean annealed, EnvelopeOptions options) {
        return Found.in(EnvelopeFit.fit(points, flags(points, annealed), options));
    }

    /** With sizes a quarter apart the envelope is made of steps about the true optimum. */
    @Test
    void fit_curvesOfALaw_recoversItsExponents() {
        LawPoints points = curves(0, 1);
        EnvelopeTrends trends = fit(points, true, PAPER);
        assertThat(trends.envelope()).hasSizeBetween(700, 1500);
        assertThat(trends.annealed()).isTrue();
        assertThat(trends.params().exponent()).isCloseTo(LAW.exponentOfParams(), within(0.03));
        assertThat(trends.params().exponent() + trends.tokens().exponent()).isCloseTo(1, within(1e-3));
        assertThat(trends.params().at(1e20))
                .isCloseTo(
                        LAW.optimum(1e20).params(),
                        within(0.1 * LAW.optimum(1e20).params()));
        EnvelopeTrends hull = fit(points, true, PAPER.with(EnvelopeMethod.HULL));
        assertThat(hull.params().exponent()).isCloseTo(LAW.exponentOfParams(), within(0.03));
        EnvelopeTrends buckets = fit(points, true, PAPER.with(EnvelopeMethod.BUCKETS));
        assertThat(buckets.envelope()).hasSizeBetween(8, 20);
        assertThat(buckets.params().exponent()).isCloseTo(LAW.exponentOfParams(), within(0.03));
    }

    @Test
    void fit_noisyCurves_areSmoothedByTheWindow() {
        double noise = 0.004;
        LawPoints points = curves(noise, 12);
        double plain = lift(fit(points, true, PAPER));
        double smooth = lift(fit(points, true, new EnvelopeOptions(EnvelopeMethod.INTERPOLATED, 1500, 20, 7, true)));
        System.out.printf("seed 12: envelope below the law by %.5f unsmoothed, %.5f smoothed%n", -plain, -smooth);
        assertThat(Math.abs(smooth)).isLessThan(0.6 * Math.abs(plain));
    }

    /**
     * Mean of ln(envelope / law), away from the ends where sizes run out: the least of many noisy curves lies too low.
     */
    private static double lift(EnvelopeTrends trends) {
        return trends.envelope().stream()
                .filter(p -> p.flops() > 1e18 && p.flops() < 1e22)
                .mapToDouble(p -> Math.log(p.loss() / LAW.optimum(p.flops()).loss()))
                .average()
                .orElseThrow();
    }

    @Test
    void fit_permutedPoints_givesTheSameTrends() {
        LawPoints points = curves(0.01, 13);
        LawPoints reversed = points.select(IntStream.range(0, points.size())
                .map(i -> points.size() - 1 - i)
                .toArray());
        for (EnvelopeMethod method : EnvelopeMethod.values()) {
            assertThat(fit(reversed, true, PAPER.with(method)).params().exponent())
                    .as("seed 13, " + method)
                    .isCloseTo(fit(points, true, PAPER.with(method)).params().exponent(), within(1e-12));
        }
    }

    @Test
    void fit_unannealedOnly_saysSo() {
        EnvelopeTrends trends = fit(curves(0, 1), false, PAPER);
        assertThat(trends.annealed()).isFalse();
        assertThat(trends.diagnostics()).anyMatch(d -> d.startsWith("no point is annealed"));
        assertThat(fit(curves(0, 1), true, PAPER).diagnostics()).noneMatch(d -> d.contains("annealed"));
    }

    /** Un-decayed points that look better than they end cannot touch the answer. */
    @Test
    void fit_mixedPoints_usesTheAnnealedOnes() {
        LawPoints good = curves(0, 1);
        double[][] c = new double[5][2 * good.size()];
        int[] run = new int[2 * good.size()];
        boolean[] annealed = new boolean[2 * good.size()];
        for (int i = 0; i < run.length; i++) {
            int from = i % good.size();
            annealed[i] = i < good.size();
            c[0][i] = good.params(from);
            c[1][i] = good.tokens(from);
            c[2][i] = good.flops(from);
            c[3][i] = annealed[i] ? good.loss(from) : 0.9 * good.loss(from) * Math.pow(good.params(from) / 1e9, 0.1);
            c[4][i] = 1;
            run[i] = good.run(from);
        }
        LawPoints mixed = LawPoints.of(c[0], c[1], c[2], c[3], c[4], run);
        EnvelopeTrends trends = Found.in(EnvelopeFit.fit(mixed, annealed, PAPER));
        assertThat(trends.params()).isEqualTo(fit(good, true, PAPER).params());
        assertThat(trends.diagnostics()).contains("2400 points before the end of their schedule were left out");
    }

    @Test
    void fit_oneSizeHoldsAnEnd_isLeftOutAndSaid() {
        LawPoints points = curves(0, 1);
        int[] large = IntStream.range(0, points.size())
                .filter(i -> points.run(i) >= 30)
                .toArray();
        EnvelopeTrends whole =
                fit(points.select(large), true, new EnvelopeOptions(EnvelopeMethod.INTERPOLATED, 1500, 20, 1, false));
        assertThat(whole.diagnostics()).anyMatch(d -> d.startsWith("the smallest size"));
        EnvelopeTrends inner = fit(points.select(large), true, PAPER);
        assertThat(inner.diagnostics()).anyMatch(d -> d.contains("decades of compute were left out"));
        // Left in, the ends drag the exponent far down.
        assertThat(whole.params().exponent()).isLessThan(LAW.exponentOfParams() - 0.1);
        assertThat(inner.params().exponent()).isCloseTo(LAW.exponentOfParams(), within(0.03));
    }

    @Test
    void fit_tooLittle_isRefused() {
        LawPoints one = LawPoints.of(new double[] {1e8, 1e8}, new double[] {1e9, 2e9}, new double[] {4, 3.5});
        assertThat(EnvelopeFit.fit(one, new boolean[] {true, true}, PAPER)).isInstanceOf(Outcome.Refused.class);
        assertThat(EnvelopeFit.fit(one.select(new int[0]), new boolean[0], PAPER))
                .isInstanceOf(Outcome.Refused.class);
        assertThatIllegalArgumentException().isThrownBy(() -> EnvelopeFit.fit(one, new boolean[1], PAPER));
    }

    /** Corners of a hull that can be drawn by hand: (ln C, ln L) = (0, 2) (1, 1) (2, .5) (3, .4), the others above. */
    @Test
    void hull_smallSet_hasTheCornersDrawnByHand() {
        double[][] at = {{0, 2}, {0.5, 1.6}, {1, 1}, {1.5, 0.9}, {2, 0.5}, {2.5, 0.46}, {3, 0.4}, {4, 0.7}};
        List<Allocation> points = Arrays.stream(at)
                .map(p -> new Allocation(Math.exp(p[0]), 1 + p[0], 1, Math.exp(p[1])))
                .toList();
        List<Allocation> hull = EnvelopeMethod.HULL.envelope(List.of(RunCurve.of(points, 1)), PAPER);
        assertThat(hull)
                .extracting(p -> Math.log(p.flops()))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
                .containsExactly(0.0, 1.0, 2.0, 3.0);
    }
}
