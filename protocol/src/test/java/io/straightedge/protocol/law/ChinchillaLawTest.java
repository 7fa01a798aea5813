package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChinchillaLawTest {

    private static ChinchillaLaw law(String name) {
        return switch (name) {
            case "hoffmann" -> new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28);
            case "hoffmann-tex" -> ChinchillaLaw.ofLogs(6.0073404, 6.0179186, 0.5267228, 0.33917084, 0.2849083);
            case "epoch" -> new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);
            case "epoch-optimum" ->
                ChinchillaLaw.ofLogs(
                        6.169246373723296,
                        7.670156733095359,
                        0.5973068146873696,
                        0.3473104988817621,
                        0.3671724326277593);
            case "muennighoff" -> ChinchillaLaw.ofLogs(6.255414, 7.3049974, 0.6254804, 0.3526596, 0.3526596);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Independently computed in double precision; six digits. */
    @ParameterizedTest
    @CsvSource({
        "hoffmann, 1.344711, .451613, 1.82422e9, 9.13634e10, 2.328883, 3.21899e10, 2.98231e12, 1.930748, 3.30477e11, 5.04322e13, 1.799063",
        "hoffmann-tex, 1.300046, .456526, 2.21695e9, 7.51782e10, 2.295491, 4.03609e10, 2.37854e12, 1.918412, 4.24998e11, 3.92159e13, 1.794643",
        "epoch, 0.119630, .512612, 2.77846e9, 5.99853e10, 2.305529, 7.22487e10, 1.32874e12, 1.974441, 1.01593e12, 1.64053e13, 1.879902",
        "epoch-optimum, 0.113208, .513900, 2.79174e9, 5.97000e10, 2.304455, 7.31904e10, 1.31165e12, 1.973912, 1.03603e12, 1.60871e13, 1.879639",
        "muennighoff, 0.225802, .500000, 2.91509e9, 5.71738e10, 2.347687, 6.99622e10, 1.37217e12, 2.025162, 9.21833e11, 1.80799e13, 1.931989"
    })
    void optimum_publishedLaws_agreeToAllPrintedDigits(
            String name,
            double g,
            double a,
            double n1,
            double d1,
            double l1,
            double n2,
            double d2,
            double l2,
            double n3,
            double d3,
            double l3) {
        ChinchillaLaw law = law(name);
        assertThat(law.scaleG()).isCloseTo(g, within(0.51e-6));
        assertThat(law.exponentOfParams()).isCloseTo(a, within(0.51e-6));
        assertOptimum(law.optimum(1e21), n1, d1, l1);
        assertOptimum(law.optimum(5.76e23), n2, d2, l2);
        assertOptimum(law.optimum(1e26), n3, d3, l3);
    }

    private static void assertOptimum(Allocation optimum, double params, double tokens, double loss) {
        assertThat(optimum.params()).isCloseTo(params, within(6e-6 * params));
        assertThat(optimum.tokens()).isCloseTo(tokens, within(6e-6 * tokens));
        assertThat(optimum.loss()).isCloseTo(loss, within(0.51e-6));
    }

    @ParameterizedTest
    @CsvSource({"hoffmann", "hoffmann-tex", "epoch", "muennighoff"})
    void optimum_neighboursAtTheSameCompute_areWorse(String name) {
        ChinchillaLaw law = law(name);
        Allocation best = law.optimum(1e22);
        for (double factor : new double[] {0.9, 0.99, 1.01, 1.1}) {
            assertThat(law.loss(best.params() * factor, best.tokens() / factor)).isGreaterThan(best.loss());
        }
        assertThat(6 * best.params() * best.tokens()).isCloseTo(1e22, within(1e10));
    }

    @ParameterizedTest
    @CsvSource({"hoffmann, 1e21", "epoch, 5.76e23", "muennighoff, 1e26", "hoffmann-tex, 1e18"})
    void computeFor_theOptimalLoss_isTheInverse(String name, double flops) {
        ChinchillaLaw law = law(name);
        assertThat(law.computeFor(law.optimum(flops).loss())).isCloseTo(flops, within(1e-9 * flops));
    }

    @Test
    void computeFor_aLossAtOrBelowE_isInfinite() {
        assertThat(law("hoffmann").computeFor(1.69)).isInfinite();
        assertThat(law("hoffmann").computeFor(1)).isInfinite();
    }

    @ParameterizedTest
    @CsvSource({"hoffmann, 1e8, 2e9", "epoch, 7e10, 1.4e12", "muennighoff, 8.7e9, 1.8e11"})
    void gradient_againstCentralDifferences_agrees(String name, double params, double tokens) {
        ChinchillaLaw law = law(name);
        double[] theta = {Math.log(law.A()), Math.log(law.B()), Math.log(law.E()), law.alpha(), law.beta()};
        double[] gradient = new double[law.size()];
        law.gradient(params, tokens, gradient);
        for (int i = 0; i < theta.length; i++) {
            double[] up = theta.clone();
            double[] down = theta.clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            double difference = (at(up).loss(params, tokens) - at(down).loss(params, tokens)) / 2e-5;
            assertThat(gradient[i]).isCloseTo(difference, within(1e-7 * Math.max(1, Math.abs(difference))));
        }
    }

    private static ChinchillaLaw at(double[] theta) {
        return ChinchillaLaw.ofLogs(theta[0], theta[1], theta[2], theta[3], theta[4]);
    }

    @Test
    void constructor_coefficientsThatAreNoLaw_areRejected() {
        assertThatThrownBy(() -> new ChinchillaLaw(-0.1, 1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChinchillaLaw(1, 0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChinchillaLaw(1, 1, 1, Double.NaN, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
