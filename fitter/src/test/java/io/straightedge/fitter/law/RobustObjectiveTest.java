package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.solve.DampedNewton;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.Random;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.util.Pair;
import org.junit.jupiter.api.Test;

class RobustObjectiveTest {

    private static final int N = 30;
    private static final double[] START = {-0.5, -0.7, 0.6, 0.35, 0.36};
    private static final double[] GAMMA_START = {-0.5, -0.7, 0.6, 0.45, 0.46, -0.2};

    private static LawPoints points() {
        Random random = new Random(8);
        double[][] p = new double[4][N];
        for (int i = 0; i < N; i++) {
            p[0][i] = 1e8 * Math.pow(30, random.nextDouble());
            p[1][i] = 2e9 * Math.pow(60, random.nextDouble());
            p[2][i] = (1.8 + 480 * Math.pow(p[0][i], -0.35) + 2100 * Math.pow(p[1][i], -0.37))
                    * Math.exp(0.003 * random.nextGaussian());
            p[3][i] = 0.5 + random.nextDouble();
        }
        return LawPoints.of(p[0], p[1], p[2], p[3]);
    }

    @Test
    void derivatives_ofChinchilla_agreeWithCentralDifferences() {
        assertDerivatives(new LogHuber(new CentredLogs(points())), START, 1e-5);
    }

    @Test
    void derivatives_ofGamma_agreeWithCentralDifferences() {
        assertDerivatives(new GammaHuber(new CentredLogs(points())), GAMMA_START, 1e-5);
    }

    @Test
    void derivatives_withAPriorOnExponents_agreeWithCentralDifferences() {
        CentredLogs logs = new CentredLogs(points());
        assertDerivatives(new ExponentRidge(new LogHuber(logs), 0.3), START, 1e-5);
        assertDerivatives(new ExponentRidge(new GammaHuber(logs), 0.3), GAMMA_START, 1e-5);
    }

    @Test
    void derivatives_ofAnyLaw_agreeWithCentralDifferences() {
        ChinchillaLaw law = new ChinchillaLaw(1.8, 450, 2000, 0.35, 0.37);
        assertDerivatives(new LawHuber(law, points(), Coordinates.PLAIN), law.theta(), 5e-4);
    }

    private static void assertDerivatives(RobustObjective objective, double[] start, double tolerance) {
        int p = start.length;
        for (double delta : new double[] {1e-3, 0.02, 1}) {
            objective.delta(delta);
            double[] gradient = new double[p];
            double[][] hessian = new double[p][p];
            double[][] scratch = new double[p][p];
            double[] up = new double[p];
            double[] down = new double[p];
            double value = objective.derivatives(start, gradient, hessian, scratch);
            assertThat(value).isCloseTo(objective.value(start), within(1e-14 * value));
            for (int j = 0; j < p; j++) {
                double[] above = start.clone();
                double[] below = start.clone();
                above[j] += 1e-7;
                below[j] -= 1e-7;
                double slope = (objective.value(above) - objective.value(below)) / 2e-7;
                assertThat(gradient[j]).isCloseTo(slope, within(1e-6 * (delta + Math.abs(slope)) + 1e-7 * value));
                objective.derivatives(above, up, new double[p][p], scratch);
                objective.derivatives(below, down, new double[p][p], scratch);
                for (int k = 0; k < p; k++) {
                    double curvature = (up[k] - down[k]) / 2e-7;
                    assertThat(hessian[j][k])
                            .as("delta %s, row %d, column %d", delta, j, k)
                            .isCloseTo(curvature, within(tolerance * (delta + Math.abs(curvature))));
                }
            }
        }
    }

    @Test
    void value_ofGammaOne_isChinchillas() {
        LogHuber chinchilla = new LogHuber(new CentredLogs(points()));
        GammaHuber gamma = new GammaHuber(new CentredLogs(points()));
        chinchilla.delta(1e-3);
        gamma.delta(1e-3);
        double[] extended = {START[0], START[1], START[2], START[3], START[4], 0};
        assertThat(gamma.value(extended)).isCloseTo(chinchilla.value(START), within(1e-14));
    }

    @Test
    void value_wherePowersOverflow_isFinite() {
        LogHuber objective = new LogHuber(new CentredLogs(points()));
        objective.delta(1e-3);
        double[] hostile = {900, -900, 0, 40, -40};
        assertThat(objective.value(hostile)).isFinite();
        double[] gradient = new double[5];
        objective.derivatives(hostile, gradient, new double[5][5], new double[5][5]);
        assertThat(gradient).doesNotContain(Double.NaN);
    }

    /** With every residual inside the bound the problem is least squares, which Commons Math solves too. */
    @Test
    void minimise_wideBound_agreesWithCommonsMathsLevenbergMarquardt() {
        LawPoints points = points();
        LogHuber objective = new LogHuber(new CentredLogs(points));
        objective.delta(10);
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
                                double root = Math.sqrt(points.weight(i));
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
