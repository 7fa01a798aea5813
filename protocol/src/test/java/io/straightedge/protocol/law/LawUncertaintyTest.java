package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LawUncertaintyTest {

    private static final double[] THETA = {6.17, 7.67, 0.597, 0.347, 0.367};
    /** A lower triangle: a moves with alpha, b with beta, as in every real fit. */
    private static final double[][] FACTOR = {
        {0.05, 0, 0, 0, 0},
        {0.001, 0.06, 0, 0, 0},
        {0.001, 0.001, 0.002, 0, 0},
        {0.0025, 0, 0.0002, 0.0004, 0},
        {0, 0.0025, 0.0002, 0, 0.0004}
    };

    private static final ChinchillaLaw LAW = law(THETA);

    private static ChinchillaLaw law(double[] theta) {
        return ChinchillaLaw.ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]);
    }

    private static List<List<Double>> covariance() {
        List<List<Double>> rows = new ArrayList<>();
        for (double[] left : FACTOR) {
            rows.add(Arrays.stream(FACTOR)
                    .map(right -> {
                        double sum = 0;
                        for (int k = 0; k < right.length; k++) {
                            sum += left[k] * right[k];
                        }
                        return sum;
                    })
                    .toList());
        }
        return rows;
    }

    /** Standard deviation over 40,000 laws drawn about the mean: exact to about 0.4 %. */
    private static double simulated(ToDoubleFunction<ChinchillaLaw> quantity) {
        Random random = new Random(20261124);
        int n = 40_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double[] z = {
                random.nextGaussian(),
                random.nextGaussian(),
                random.nextGaussian(),
                random.nextGaussian(),
                random.nextGaussian()
            };
            double[] theta = THETA.clone();
            for (int j = 0; j < 5; j++) {
                for (int k = 0; k <= j; k++) {
                    theta[j] += FACTOR[j][k] * z[k];
                }
            }
            double value = quantity.applyAsDouble(law(theta));
            sum += value;
            squares += value * value;
        }
        return Math.sqrt(squares / n - sum * sum / n / n);
    }

    private static void assertAgrees(double delta, ToDoubleFunction<ChinchillaLaw> quantity) {
        double expected = simulated(quantity);
        assertThat(delta).as("seed 20261124").isCloseTo(expected, within(0.03 * expected));
    }

    @Test
    void everySd_againstSimulation_agrees() {
        LawUncertainty uncertainty = new LawUncertainty(LAW, covariance());
        double flops = 5.76e23;
        assertAgrees(
                uncertainty.sdLogParams(flops),
                law -> Math.log(law.optimum(flops).params()));
        assertAgrees(
                uncertainty.sdLogTokens(flops),
                law -> Math.log(law.optimum(flops).tokens()));
        assertAgrees(
                uncertainty.sdLogTokensPerParam(flops),
                law -> Math.log(law.optimum(flops).tokensPerParam()));
        assertAgrees(uncertainty.sdLoss(7e9, 1.4e11), law -> law.loss(7e9, 1.4e11));
        assertAgrees(uncertainty.sdOptimalLoss(flops), law -> law.optimum(flops).loss());
        assertAgrees(uncertainty.sdExponentOfParams(), ChinchillaLaw::exponentOfParams);
    }

    @Test
    void everySd_withoutUncertainty_isZero() {
        List<Double> zeros = List.of(0., 0., 0., 0., 0.);
        LawUncertainty certain = new LawUncertainty(LAW, List.of(zeros, zeros, zeros, zeros, zeros));
        assertThat(certain.sdLogParams(1e22)).isZero();
        assertThat(certain.sdOptimalLoss(1e22)).isZero();
    }

    /** The gamma law has Chinchilla's N*, so that differences must give what the closed form gives there. */
    @Test
    void sdOfTheOptimum_byDifferences_isThatOfTheClosedForm() {
        GammaLaw gamma = new GammaLaw(LAW.E(), LAW.A(), LAW.B(), LAW.alpha(), LAW.beta(), 0.5);
        List<List<Double>> rows = new ArrayList<>();
        for (List<Double> row : covariance()) {
            List<Double> wider = new ArrayList<>(row);
            wider.add(0.);
            rows.add(wider);
        }
        rows.add(List.of(0., 0., 0., 0., 0., 0.01));
        LawUncertainty differences = new LawUncertainty(gamma, rows);
        LawUncertainty closed = new LawUncertainty(LAW, covariance());
        for (double flops : new double[] {1e18, 1e21, 5.76e23, 1e26}) {
            double expected = closed.sdLogParams(flops);
            assertThat(differences.sdLogParams(flops)).isCloseTo(expected, within(1e-6 * expected));
            assertThat(differences.sdExponentOfParams(flops))
                    .isCloseTo(closed.sdExponentOfParams(), within(1e-6 * closed.sdExponentOfParams()));
        }
    }

    /** For laws whose optimum is searched for: a step of theta along one coefficient moves ln N* by the sd it stands for. */
    @ParameterizedTest
    @ValueSource(strings = {"farseer", "limited-data", "kaplan", "overtraining", "muennighoff-c4"})
    void sdOfTheOptimum_ofOneUncertainCoefficient_isHowFarItMovesTheOptimum(String name) {
        SurfaceLaw law = SampleLaws.surface(name);
        double[] theta = law.theta();
        for (int i = 0; i < theta.length; i++) {
            double sd = 1e-3 * Math.abs(theta[i]);
            double[] up = theta.clone();
            double[] down = theta.clone();
            up[i] += sd;
            down[i] -= sd;
            double moved = Math.abs(Math.log(law.withTheta(up).optimum(5.76e23).params()
                            / law.withTheta(down).optimum(5.76e23).params()))
                    / 2;
            double lossMoved = Math.abs(law.withTheta(up).optimum(5.76e23).loss()
                            - law.withTheta(down).optimum(5.76e23).loss())
                    / 2;
            LawUncertainty uncertainty = new LawUncertainty(law, variance(theta.length, i, sd * sd));
            assertThat(uncertainty.sdLogParams(5.76e23)).isCloseTo(moved, within(2e-3 * moved + 1e-11));
            assertThat(uncertainty.sdOptimalLoss(5.76e23)).isCloseTo(lossMoved, within(2e-3 * lossMoved + 1e-11));
        }
    }

    private static List<List<Double>> variance(int size, int index, double variance) {
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < size; j++) {
                row.add(i == index && j == index ? variance : 0);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void everySd_ofALawWithoutFloor_isNoNan() {
        OvertrainingLaw law = new OvertrainingLaw(0, 200, 300, 0.13);
        LawUncertainty uncertainty = new LawUncertainty(law, variance(4, 3, 1e-4));
        assertThat(uncertainty.sdLogParams(1e21)).isFinite().isPositive();
        assertThat(uncertainty.sdOptimalLoss(1e21)).isFinite().isPositive();
    }

    @Test
    void everySd_withAnInfiniteVariance_isInfiniteWhereItMatters() {
        LawUncertainty uncertainty = new LawUncertainty(LAW, variance(5, 2, Double.POSITIVE_INFINITY));
        assertThat(uncertainty.sdLoss(1e9, 2e10)).isInfinite();
        assertThat(uncertainty.sdLogParams(1e21)).as("N* does not depend on E").isZero();
    }

    /** An exponent so near 0 that the usual step would leave the laws. */
    @Test
    void sdOfTheOptimum_ofAnExponentNearNothing_takesASmallerStep() {
        KaplanLaw law = new KaplanLaw(6.4e13, 1.8e13, 1e-6, 0.1);
        assertThat(new LawUncertainty(law, variance(4, 2, 1e-16)).sdLogParams(1e21))
                .isFinite()
                .isPositive();
    }

    @Test
    void constructor_wrongShape_isRejected() {
        assertThatThrownBy(() -> new LawUncertainty(LAW, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
