package io.straightedge.fitter.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SpectrumTest {

    @Test
    void of_scaledIdentity_isPerfectlyConditioned() {
        Spectrum.Inverse inverse = Spectrum.of(new double[][] {{4, 0}, {0, 1e-8}});
        assertThat(inverse.condition()).isCloseTo(1, within(1e-12));
        assertThat(inverse.matrix()[0][0]).isCloseTo(0.25, within(1e-12));
        assertThat(inverse.matrix()[1][1]).isCloseTo(1e8, within(1e-4));
    }

    @Test
    void of_matrixThatIsNotFinite_leavesAllOpen() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE}) {
            Spectrum.Inverse inverse = Spectrum.of(new double[][] {{1, bad}, {bad, 1}});
            assertThat(inverse.condition()).isInfinite();
        }
        assertThat(Spectrum.of(new double[][] {{Double.NaN, 0}, {0, 1}}).matrix()[0][0])
                .isInfinite();
    }
}
