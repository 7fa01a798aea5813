package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChinchillaLawTest {

    private static ChinchillaLaw law(String name) {
        return name.equals("muennighoff")
                ? SampleLaws.MUENNIGHOFF.base()
                : (ChinchillaLaw) Presets.named(name).law();
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
