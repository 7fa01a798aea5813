package io.straightedge.fitter.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

/** Our small solvers against Commons Math. */
class SolversTest {

    private static double[][] positiveDefinite(Random random, int p) {
        double[][] rows = new double[p + 3][p];
        for (double[] row : rows) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        RealMatrix matrix = new Array2DRowRealMatrix(rows);
        return matrix.transpose().multiply(matrix).getData();
    }

    @Test
    void cholesky3_randomMatrices_agreesWithCommonsMath() {
        Random random = new Random(1);
        Cholesky3 ours = new Cholesky3();
        double[] x = new double[3];
        double[] inverse = new double[6];
        for (int i = 0; i < 200; i++) {
            double[][] g = positiveDefinite(random, 3);
            double[] r = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            CholeskyDecomposition peer = new CholeskyDecomposition(new Array2DRowRealMatrix(g));
            double[] expected = peer.getSolver().solve(new ArrayRealVector(r)).toArray();
            assertThat(ours.factor(g[0][0], g[1][0], g[1][1], g[2][0], g[2][1], g[2][2]))
                    .isTrue();
            ours.solve(r[0], r[1], r[2], x, 0);
            ours.inverseFactor(inverse, 0);
            double explained = r[0] * expected[0] + r[1] * expected[1] + r[2] * expected[2];
            double y0 = inverse[0] * r[0];
            double y1 = inverse[1] * r[0] + inverse[2] * r[1];
            double y2 = inverse[3] * r[0] + inverse[4] * r[1] + inverse[5] * r[2];
            assertThat(x)
                    .as("seed 1")
                    .containsExactly(expected, within(1e-8 * (1 + new ArrayRealVector(expected).getNorm())));
            assertThat(y0 * y0 + y1 * y1 + y2 * y2).isCloseTo(explained, within(1e-8 * (1 + explained)));
            assertThat(ours.logDeterminant()).isCloseTo(Math.log(peer.getDeterminant()), within(1e-8));
        }
        assertThat(ours.factor(1, 1, 1, 0, 0, 1)).isFalse();
        assertThat(ours.factor(Double.NaN, 0, 1, 0, 0, 1)).isFalse();
    }

    @Test
    void nonNegative3_randomProblems_satisfiesTheKuhnTuckerConditions() {
        Random random = new Random(2);
        NonNegative3 ours = new NonNegative3();
        double[] x = new double[3];
        int bound = 0;
        for (int i = 0; i < 500; i++) {
            double[][] g = positiveDefinite(random, 3);
            double[] r = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
            ours.solve(new double[] {g[0][0], g[1][0], g[1][1], g[2][0], g[2][1], g[2][2]}, r, x);
            for (int j = 0; j < 3; j++) {
                double slope = g[j][0] * x[0] + g[j][1] * x[1] + g[j][2] * x[2] - r[j];
                assertThat(x[j]).isNotNegative();
                if (x[j] > 0) {
                    assertThat(slope).as("seed 2").isCloseTo(0, within(1e-8));
                } else {
                    assertThat(slope).isGreaterThanOrEqualTo(-1e-9);
                    bound++;
                }
            }
        }
        assertThat(bound).isGreaterThan(100);
    }

    @Test
    void spectrum_randomMatrices_agreesWithCommonsMathsInverseAndCondition() {
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            double[][] matrix = positiveDefinite(random, 5);
            Spectrum.Inverse ours = Spectrum.of(matrix);
            RealMatrix peer = new LUDecomposition(new Array2DRowRealMatrix(matrix))
                    .getSolver()
                    .getInverse();
            for (int j = 0; j < 5; j++) {
                assertThat(ours.matrix()[j])
                        .as("seed 3")
                        .containsExactly(peer.getRow(j), within(1e-6 * peer.getNorm()));
            }
            double[][] scaled = new double[5][5];
            for (int j = 0; j < 5; j++) {
                for (int k = 0; k < 5; k++) {
                    scaled[j][k] = matrix[j][k] / Math.sqrt(matrix[j][j] * matrix[k][k]);
                }
            }
            double expected = new SingularValueDecomposition(new Array2DRowRealMatrix(scaled)).getConditionNumber();
            assertThat(ours.condition()).isCloseTo(expected, within(1e-6 * expected));
        }
    }

    @Test
    void spectrum_singularMatrix_isVeryUncertainInsteadOfFailing() {
        Spectrum.Inverse inverse = Spectrum.of(new double[][] {{1, 1}, {1, 1}});
        assertThat(inverse.condition()).isGreaterThan(1e12);
        assertThat(inverse.matrix()[0][0]).isFinite().isGreaterThan(1e10);
    }

    /** Rosenbrock's valley, with the Gauss-Newton matrix for the majorant. */
    @Test
    void dampedNewton_rosenbrock_reachesTheMinimum() {
        SmoothObjective rosenbrock = new SmoothObjective() {
            @Override
            public double value(double[] x) {
                return Math.pow(1 - x[0], 2) + 100 * Math.pow(x[1] - x[0] * x[0], 2);
            }

            @Override
            public double derivatives(double[] x, double[] gradient, double[][] hessian, double[][] majorant) {
                double gap = x[1] - x[0] * x[0];
                gradient[0] = -2 * (1 - x[0]) - 400 * x[0] * gap;
                gradient[1] = 200 * gap;
                hessian[0][0] = 2 - 400 * gap + 800 * x[0] * x[0];
                hessian[1][0] = -400 * x[0];
                hessian[0][1] = hessian[1][0];
                hessian[1][1] = 200;
                majorant[0][0] = 2 + 800 * x[0] * x[0];
                majorant[1][0] = -400 * x[0];
                majorant[0][1] = majorant[1][0];
                majorant[1][1] = 200;
                return value(x);
            }
        };
        double[] x = {-1.2, 1};
        DampedNewton newton = new DampedNewton(2);
        newton.minimise(rosenbrock, x, 200);
        assertThat(x).containsExactly(new double[] {1, 1}, within(1e-9));
        assertThat(newton.gradientNorm()).isLessThan(1e-6);
        assertThat(newton.iterations()).isLessThan(60);
    }
}
