package io.straightedge.fitter.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LeastSquaresTest {

    // NIST StRD, nonlinear regression, Misra1a: y = b1 (1 - exp(-b2 x)).
    private static final double[] Y = {
        10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78
    };
    private static final double[] X = {
        77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0
    };

    /** The model with b1 itself as the further place, so that its standard deviation is the certified one. */
    private static double[] misra(double[] b) {
        double[] values = new double[X.length + 1];
        for (int i = 0; i < X.length; i++) {
            values[i] = b[0] * (1 - Math.exp(-b[1] * X[i]));
        }
        values[X.length] = b[0];
        return values;
    }

    @Test
    void fit_misra1a_reachesTheCertifiedValues() {
        Outcome<LeastSquares.Fit> outcome = LeastSquares.fit(Y, LeastSquaresTest::misra, new double[] {250, 5e-4});
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        LeastSquares.Fit fit = ((Outcome.Found<LeastSquares.Fit>) outcome).value();
        assertThat(fit.parameters()[0]).isCloseTo(238.94212918, within(1e-3));
        assertThat(fit.parameters()[1]).isCloseTo(5.5015643181e-4, within(1e-8));
        assertThat(fit.cost()).isCloseTo(.12455138894, within(1e-8));
        assertThat(fit.end()).isEqualTo(fit.parameters()[0]);
        assertThat(fit.endSd()).isCloseTo(2.7070075241, within(1e-2));
    }

    @Test
    void fit_fewerDataThanParameters_isRefused() {
        Outcome<LeastSquares.Fit> outcome =
                LeastSquares.fit(new double[] {1}, b -> new double[] {b[0] + b[1], 0}, new double[] {1, 1});
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void fit_ofParametersThatDataDoNotTellApart_hasAnInfiniteDeviation() {
        Outcome<LeastSquares.Fit> outcome = LeastSquares.fit(
                new double[] {1, 2, 3},
                b -> new double[] {b[0] + b[1], 2 * (b[0] + b[1]), 3 * (b[0] + b[1]), b[0]},
                new double[] {.2, .2});
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        assertThat(((Outcome.Found<LeastSquares.Fit>) outcome).value().endSd()).isInfinite();
    }
}
