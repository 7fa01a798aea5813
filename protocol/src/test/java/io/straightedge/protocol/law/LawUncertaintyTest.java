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
    }

    @Test
    void everySd_withoutUncertainty_isZero() {
        List<Double> zeros = List.of(0., 0., 0., 0., 0.);
        LawUncertainty certain = new LawUncertainty(LAW, List.of(zeros, zeros, zeros, zeros, zeros));
        assertThat(certain.sdLogParams(1e22)).isZero();
        assertThat(certain.sdOptimalLoss(1e22)).isZero();
    }

    @Test
    void constructor_wrongShape_isRejected() {
        assertThatThrownBy(() -> new LawUncertainty(LAW, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
