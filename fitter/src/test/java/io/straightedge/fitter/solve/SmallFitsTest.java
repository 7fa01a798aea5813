package io.straightedge.fitter.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.interpolation.AkimaSplineInterpolator;
import org.apache.commons.math3.analysis.polynomials.PolynomialSplineFunction;
import org.apache.commons.math3.fitting.PolynomialCurveFitter;
import org.apache.commons.math3.fitting.WeightedObservedPoints;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Test;

/** Splines, parabolas and lines against Commons Math and against functions that they must reproduce. */
class SmallFitsTest {

    private static double[] rising(Random random, int n) {
        double[] x = new double[n];
        x[0] = 18;
        for (int i = 1; i < n; i++) {
            x[i] = x[i - 1] + 0.2 + random.nextDouble();
        }
        return x;
    }

    /** The two differ in the derivatives of the outer two knots at each end only. */
    @Test
    void akima_innerSegments_agreesWithCommonsMath() {
        Random random = new Random(4);
        for (int n : new int[] {6, 9, 20}) {
            double[] x = rising(random, n);
            double[] y = random.doubles(n).toArray();
            Akima ours = new Akima(x, y);
            PolynomialSplineFunction peer = new AkimaSplineInterpolator().interpolate(x, y);
            for (int k = 0; k < 200; k++) {
                double at = x[2] + (x[n - 3] - x[2]) * k / 200;
                assertThat(ours.value(at)).as("seed 4").isCloseTo(peer.value(at), within(1e-12));
            }
        }
    }

    @Test
    void akima_straightLineAndKnots_areReproduced() {
        double[] x = {1, 2, 4, 7};
        Akima line = new Akima(x, new double[] {5, 3, -1, -7});
        assertThat(line.value(3)).isCloseTo(1, within(1e-14));
        assertThat(line.value(6)).isCloseTo(-5, within(1e-14));
        assertThat(line.minimum()).isEqualTo(7);
        double[] y = {1, 0.25, 0.5, 3};
        Akima spline = new Akima(x, y);
        IntStream.range(0, 4).forEach(i -> assertThat(spline.value(x[i])).isCloseTo(y[i], within(1e-14)));
    }

    /** On equal steps the ghost slopes make a parabola exact, down to three knots. */
    @Test
    void akima_parabolaOnEqualSteps_isExact() {
        for (int n = 3; n < 8; n++) {
            double[] x = IntStream.range(0, n).mapToDouble(i -> 20 + 0.5 * i).toArray();
            double[] y =
                    Arrays.stream(x).map(v -> 0.1 * (v - 20.6) * (v - 20.6)).toArray();
            assertThat(new Akima(x, y).minimum()).isCloseTo(20.6, within(1e-7));
        }
    }

    @Test
    void akimaMinimum_randomKnots_isNoHigherThanAnyPointOfAFineGrid() {
        Random random = new Random(5);
        for (int trial = 0; trial < 200; trial++) {
            int n = 3 + random.nextInt(12);
            double[] x = rising(random, n);
            Akima spline = new Akima(x, random.doubles(n).toArray());
            double where = spline.minimum();
            double least = spline.value(where);
            assertThat(where).isBetween(x[0], x[n - 1]);
            for (int k = 0; k <= 500; k++) {
                assertThat(spline.value(x[0] + (x[n - 1] - x[0]) * k / 500))
                        .as("seed 5")
                        .isGreaterThanOrEqualTo(least - 1e-13);
            }
        }
    }

    @Test
    void akima_knotsThatDoNotRise_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Akima(new double[] {1, 1, 2}, new double[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> new Akima(new double[] {1, 2}, new double[2]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Akima(new double[] {1, 2, 3}, new double[] {1, Double.NaN, 2}));
    }

    @Test
    void parabola_randomPoints_agreesWithCommonsMath() {
        Random random = new Random(6);
        for (int trial = 0; trial < 50; trial++) {
            int n = 3 + random.nextInt(10);
            double[] x = rising(random, n);
            double[] y = random.doubles(n).toArray();
            double[] w = random.doubles(n, 0.1, 2).toArray();
            WeightedObservedPoints points = new WeightedObservedPoints();
            IntStream.range(0, n).forEach(i -> points.add(w[i], x[i] - 20, y[i]));
            double[] peer = PolynomialCurveFitter.create(2).fit(points.toList());
            Parabola ours = Parabola.fit(x, y, w);
            double vertex = -peer[1] / (2 * peer[2]);
            assertThat(ours.curvature()).as("seed 6").isCloseTo(peer[2], within(1e-9));
            assertThat(ours.vertex()).isCloseTo(20 + vertex, within(1e-6 * (1 + Math.abs(vertex))));
            assertThat(ours.value())
                    .isCloseTo(peer[0] + vertex * (peer[1] + vertex * peer[2]), within(1e-6 * (1 + vertex * vertex)));
        }
    }

    @Test
    void parabola_exactAndFarFromTheOrigin_isRecoveredToRounding() {
        double[] x = {40.1, 40.3, 40.8, 41.7, 42.2};
        double[] y =
                Arrays.stream(x).map(v -> 2.5 + 0.03 * (v - 41.3) * (v - 41.3)).toArray();
        Parabola fit = Parabola.fit(x, y, new double[] {1, 2, 1, 1, 3});
        assertThat(fit.vertex()).isCloseTo(41.3, within(1e-13));
        assertThat(fit.curvature()).isCloseTo(0.03, within(1e-14));
        assertThat(fit.value()).isCloseTo(2.5, within(1e-14));
    }

    @Test
    void parabola_twoDifferentPlaces_isRefused() {
        double[] ones = {1, 1, 1, 1};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parabola.fit(new double[] {20, 21, 21, 20}, new double[] {1, 2, 3, 4}, ones));
    }

    @Test
    void regression_randomPoints_agreesWithCommonsMath() {
        Random random = new Random(7);
        double[] x = rising(random, 12);
        double[] y = random.doubles(12).toArray();
        double[] ones = new double[12];
        Arrays.fill(ones, 1);
        SimpleRegression peer = new SimpleRegression();
        IntStream.range(0, 12).forEach(i -> peer.addData(x[i], y[i]));
        Regression ours = Regression.fit(x, y, ones);
        assertThat(ours.slope()).as("seed 7").isCloseTo(peer.getSlope(), within(1e-13));
        assertThat(ours.intercept()).isCloseTo(peer.getIntercept(), within(1e-12));
        assertThat(ours.sdSlope()).isCloseTo(peer.getSlopeStdErr(), within(1e-13));
    }

    /** A weight of two is the point twice. */
    @Test
    void regression_weightOfTwo_isThePointTwice() {
        Regression weighted = Regression.fit(new double[] {0, 1, 3}, new double[] {1, 4, 2}, new double[] {1, 2, 1});
        Regression twice =
                Regression.fit(new double[] {0, 1, 1, 3}, new double[] {1, 4, 4, 2}, new double[] {1, 1, 1, 1});
        assertThat(weighted.slope()).isCloseTo(twice.slope(), within(1e-14));
        assertThat(weighted.intercept()).isCloseTo(twice.intercept(), within(1e-14));
        assertThat(Regression.fit(new double[] {0, 1}, new double[] {0, 1}, new double[] {1, 1})
                        .sdSlope())
                .isInfinite();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Regression.fit(new double[] {2, 2}, new double[] {0, 1}, new double[] {1, 1}));
    }
}
