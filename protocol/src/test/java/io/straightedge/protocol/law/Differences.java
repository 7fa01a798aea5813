package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Gradients against differences of the fourth order, f' = (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h. */
final class Differences {

    private Differences() {}

    static <L extends ScalingLaw> void assertGradient(
            L law, Function<double[], L> withTheta, ToDoubleFunction<L> loss, double[] gradient) {
        double[] theta = law.theta();
        double scale = loss.applyAsDouble(law);
        assertThat(gradient).hasSameSizeAs(theta);
        for (int i = 0; i < theta.length; i++) {
            double h = 2e-4 * Math.max(0.2, Math.abs(theta[i]));
            if (Double.isInfinite(theta[i])) {
                assertThat(gradient[i]).as(law.names().get(i)).isZero();
                continue;
            }
            double[] f = new double[5];
            for (int k = -2; k <= 2; k++) {
                double[] moved = theta.clone();
                moved[i] += k * h;
                f[k + 2] = loss.applyAsDouble(withTheta.apply(moved));
            }
            double expected = (8 * (f[3] - f[1]) - (f[4] - f[0])) / (12 * h);
            assertThat(gradient[i])
                    .as(law.names().get(i) + " of " + law)
                    .isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-10 * scale));
        }
    }
}
