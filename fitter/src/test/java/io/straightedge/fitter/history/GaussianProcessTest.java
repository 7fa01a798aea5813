package io.straightedge.fitter.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.Outcome;
import org.junit.jupiter.api.Test;

final class GaussianProcessTest {

    private static final GroupKernel KERNEL = new GroupKernel(new int[] {0, 1, 1});

    /** A smooth function on a deterministic scatter of points. */
    private static double[][] features(int n) {
        double[][] x = new double[n][3];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 3; j++) {
                x[i][j] = 2 * ((i + 1) * Math.sqrt(2 + j * 3) % 1) - 1;
            }
        }
        return x;
    }

    private static double[] targets(double[][] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.sin(2 * x[i][0]) + .5 * x[i][1] * x[i][2];
        }
        return y;
    }

    @Test
    void gradient_againstDifferences_agrees() {
        double[][] x = features(25);
        double[] h = KERNEL.centre();
        for (int i = 0; i < h.length; i++) {
            h[i] += .1 * (i % 3 - 1);
        }
        KernelLearning learning = KernelLearning.of(KERNEL, x, targets(x));
        double[] gradient = new double[h.length];
        learning.gradient(h, gradient);
        for (int i = 0; i < h.length; i++) {
            double step = 1e-5;
            double[] shifted = h.clone();
            shifted[i] = h[i] + step;
            double above = learning.gradient(shifted, new double[h.length]);
            shifted[i] = h[i] - step;
            double below = learning.gradient(shifted, new double[h.length]);
            assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-6));
        }
    }

    @Test
    void leaveOneOut_againstFittingTheOthers_agreesWhereNoWeightIsCut() {
        double[][] x = features(12);
        double[] y = targets(x);
        double[] h = KERNEL.centre();
        h[h.length - 1] = Math.log(2.);
        GaussianProcess all = found(GaussianProcess.fit(KERNEL.at(h), x, y, Targets.median(y), 1));
        double[][] left = all.leaveOneOut();
        for (int out = 0; out < y.length; out++) {
            double[][] otherX = new double[y.length - 1][];
            double[] otherY = new double[y.length - 1];
            for (int i = 0, at = 0; i < y.length; i++) {
                if (i != out) {
                    otherX[at] = x[i];
                    otherY[at++] = y[i];
                }
            }
            GaussianProcess others = found(GaussianProcess.fit(KERNEL.at(h), otherX, otherY, Targets.median(y), 1));
            GaussianProcess.Moments moments = others.predict(x[out]);
            assertThat(y[out] - moments.mean()).isCloseTo(left[out][0], within(1e-9));
            assertThat(moments.sd()).isCloseTo(left[out][1], within(1e-7));
        }
    }

    @Test
    void learn_onASmoothFunction_forecastsWhereItWasNotSeen() {
        double[][] x = features(60);
        double[] y = targets(x);
        double[] h = KernelLearning.learn(KERNEL, x, y, 60);
        GaussianProcess process = found(GaussianProcess.fit(KERNEL.at(h), x, y, 0, 1));
        double[][] fresh = features(80);
        double[] truth = targets(fresh);
        for (int i = 60; i < 80; i++) {
            assertThat(process.predict(fresh[i]).mean()).isCloseTo(truth[i], within(.05));
        }
        assertThat(Math.exp(h[h.length - 1])).as("noise").isLessThan(.05);
    }

    @Test
    void fit_withOneWildTarget_isNotBentByIt() {
        double[][] x = features(60);
        double[] y = targets(x);
        double[] h = KernelLearning.learn(KERNEL, x, y, 60);
        h[h.length - 1] = Math.log(.1);
        y[30] += 8;
        GaussianProcess process = found(GaussianProcess.fit(KERNEL.at(h), x, y, 0, 1));
        assertThat(process.predict(x[30]).mean()).isCloseTo(y[30] - 8, within(.5));
    }

    private static GaussianProcess found(Outcome<GaussianProcess> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<GaussianProcess>) outcome).value();
    }
}
