package io.straightedge.fitter.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConformalFactorsTest {

    private final ConformalFactors factors = ConformalFactors.LAW;

    @Test
    void at_measuredFractions_areThePrintedFactors() {
        assertThat(factors.at80(0.1)).isCloseTo(1.088, within(1e-12));
        assertThat(factors.at95(0.1)).isCloseTo(3.638, within(1e-12));
        assertThat(factors.at80(0.5)).isCloseTo(1.303, within(1e-12));
        assertThat(factors.at95(0.7)).isCloseTo(2.766, within(1e-12));
        assertThat(factors.at95(0.9)).isCloseTo(2.880, within(1e-12));
    }

    @Test
    void at_betweenAndOutside_isLinearInTheLogarithmAndHeld() {
        assertThat(factors.at80(Math.sqrt(0.1 * 0.2))).isCloseTo((1.088 + 1.247) / 2, within(1e-12));
        assertThat(factors.at95(0.01)).isEqualTo(3.638);
        assertThat(factors.at95(0)).isEqualTo(3.638);
        assertThat(factors.at80(1)).isEqualTo(1.257);
        assertThat(factors.at50(0.3)).isCloseTo(.487, within(1e-12));
    }

    @Test
    void central_knownLevels_areTheTabulatedQuantiles() {
        assertThat(StandardNormal.central(0.95)).isCloseTo(1.959963984540054, within(1e-9));
        assertThat(StandardNormal.central(0.5)).isCloseTo(0.6744897501960817, within(1e-9));
        assertThat(StandardNormal.within(1.959963984540054)).isCloseTo(0.95, within(1e-12));
    }
}
