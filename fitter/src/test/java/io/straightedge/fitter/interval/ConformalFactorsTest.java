package io.straightedge.fitter.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConformalFactorsTest {

    private final ConformalFactors factors = ConformalFactors.SHIPPED;

    @Test
    void at_measuredFractions_areThePrintedFactors() {
        assertThat(factors.at80(0.1)).isCloseTo(1.27, within(1e-12));
        assertThat(factors.at95(0.1)).isCloseTo(3.93, within(1e-12));
        assertThat(factors.at80(0.5)).isCloseTo(0.80, within(1e-12));
        assertThat(factors.at95(0.7)).isCloseTo(2.34, within(1e-12));
        assertThat(factors.at95(0.9)).isCloseTo(2.97, within(1e-12));
    }

    @Test
    void at_betweenAndOutside_isLinearInTheLogarithmAndHeld() {
        assertThat(factors.at80(Math.sqrt(0.1 * 0.2))).isCloseTo(1.14, within(1e-12));
        assertThat(factors.at95(0.01)).isEqualTo(3.93);
        assertThat(factors.at95(0)).isEqualTo(3.93);
        assertThat(factors.at80(1)).isEqualTo(1.31);
        assertThat(factors.at50(0.3)).isCloseTo(0.88 * 0.6744897501960817 / 1.2815515655446004, within(1e-9));
    }

    @Test
    void central_knownLevels_areTheTabulatedQuantiles() {
        assertThat(StandardNormal.central(0.95)).isCloseTo(1.959963984540054, within(1e-9));
        assertThat(StandardNormal.central(0.5)).isCloseTo(0.6744897501960817, within(1e-9));
        assertThat(StandardNormal.within(1.959963984540054)).isCloseTo(0.95, within(1e-12));
    }
}
