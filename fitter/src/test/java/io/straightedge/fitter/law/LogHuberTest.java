package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.DampedNewton;
import java.util.Random;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.util.Pair;
import org.junit.jupiter.api.Test;

class LogHuberTest {

    private static final int N = 30;
    private static final double[] START = {-0.5, -0.7, 0.6, 0.35, 0.36};

    private static LogHuber objective(double delta) {
        Random random = new Random(8);
        double[][] p = new double[4][N];
        for (int i = 0; i < N; i++) {
            p[0][i] = 1e8 * Math.pow(30, random.nextDouble());
            p[1][i] = 2e9 * Math.pow(60, random.nextDouble());
            p[2][i] = (1.8 + 480 * Math.pow(p[0][i], -0.35) + 2100 * Math.pow(p[1][i], -0.37))
                    * Math.exp(0.003 * random.nextGaussian());
            p[3][i] = 0.5 + random.nextDouble();
        }
        return new LogHuber(p[0], p[1], p[2], p[3], delta);
    }

    @Test
    void derivatives_againstCentralDifferences_agree() {
        for (double delta : new double[] {1e-3, 0.02, 1}) {
            LogHuber objective = objective(delta);
            double[] gradient = new double[5];
            double[][] hessian = new double[5][5];
            double[][] scratch = new double[5][5];
            double[] up = new double[5];
            double[] down = new double[5];
            assertThat(objective.derivatives(START, gradient, hessian, scratch)).isEqualTo(objective.value(START));
            for (int j = 0; j < 5; j++) {
                double[] above = START.clone();
                double[] below = START.clone();
                above[j] += 1e-7;
                below[j] -= 1e-7;
                double slope = (objective.value(above) - objective.value(below)) / 2e-7;
                assertThat(gradient[j]).isCloseTo(slope, within(1e-6 * (delta + Math.abs(slope))));
                objective.derivatives(above, up, new double[5][5], scratch);
                objective.derivatives(below, down, new double[5][5], scratch);
                for (int k = 0; k < 5; k++) {
                    double curvature = (up[k] - down[k]) / 2e-7;
                    assertThat(hessian[j][k]).isCloseTo(curvature, within(1e-5 * (delta + Math.abs(curvature))));
                }
            }
        }
    }

    /** With every residual inside the bound the problem is least squares, which Commons Math solves too. */
    @Test
    void minimise_wideBound_agreesWithCommonsMathsLevenbergMarquardt() {
        LogHuber objective = objective(10);
        double[] ours = START.clone();
        double value = new DampedNewton(5).minimise(objective, ours, 300);
        LeastSquaresOptimizer.Optimum peer = new LevenbergMarquardtOptimizer()
                .withCostRelativeTolerance(1e-15)
                .withParameterRelativeTolerance(1e-15)
                .optimize(new LeastSquaresBuilder()
                        .start(START)
                        .target(new double[N])
                        .maxEvaluations(5000)
                        .maxIterations(5000)
                        .model(point -> {
                            double[] residual = new double[N];
                            double[][] jacobian = new double[N][5];
                            for (int i = 0; i < N; i++) {
                                double root = Math.sqrt(objective.weight(i));
                                residual[i] = root * objective.residual(point.toArray(), i);
                                double[] slope = objective.jacobian(i);
                                for (int j = 0; j < 5; j++) {
                                    jacobian[i][j] = root * slope[j];
                                }
                            }
                            return new Pair<>(new ArrayRealVector(residual), new Array2DRowRealMatrix(jacobian));
                        })
                        .build());
        assertThat(value).isCloseTo(0.5 * peer.getCost() * peer.getCost(), within(1e-12 * value));
        assertThat(ours).containsExactly(peer.getPoint().toArray(), within(1e-5));
    }

    @Test
    void efficiencyLoss_limits_areLeastSquaresAndLeastAbsoluteDeviations() {
        assertThat(ResidualScale.efficiencyLoss(1e9)).isEqualTo(1);
        assertThat(ResidualScale.efficiencyLoss(0)).isEqualTo(Math.PI / 2);
        assertThat(ResidualScale.efficiencyLoss(1e-3)).isCloseTo(Math.PI / 2, within(2e-3));
        // Huber's own 1.345 keeps 95 %.
        assertThat(1 / ResidualScale.efficiencyLoss(1.345)).isCloseTo(0.95, within(1e-3));
    }
}
