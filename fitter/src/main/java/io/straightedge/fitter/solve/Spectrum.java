package io.straightedge.fitter.solve;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * Condition and inverse of a symmetric positive semi-definite matrix, scaled to a unit diagonal.
 *
 * <p>With S = diag(1/sqrt(M_ii)), S M S = V diag(w) V': condition = max w / min w (infinite when min w is not
 * positive); inverse = S V diag(1/w) V' S, where w is held at 1e-13 of the largest, so that what the data do not
 * determine comes out very uncertain instead of failing. Of a matrix that is not finite the condition and the inverse's
 * diagonal are infinite. O(p^3), allocates.
 */
public final class Spectrum {

    private static final double LEAST = 1e-13;

    private Spectrum() {}

    /** What there is to know. */
    @SuppressWarnings("ArrayRecordComponent") // read at once by the caller, never compared
    public record Inverse(double condition, double[][] matrix) {}

    /** Decomposes {@code matrix} [p][p]. */
    public static Inverse of(double[][] matrix) {
        int p = matrix.length;
        double[] scale = new double[p];
        double[][] scaled = new double[p][p];
        for (int i = 0; i < p; i++) {
            scale[i] = matrix[i][i] > 0 ? 1 / Math.sqrt(matrix[i][i]) : 1;
        }
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < p; j++) {
                scaled[i][j] = scale[i] * scale[j] * 0.5 * (matrix[i][j] + matrix[j][i]);
                if (!Double.isFinite(scaled[i][j])) {
                    return open(p);
                }
            }
        }
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(scaled, false));
        double[] values = eigen.getRealEigenvalues();
        double largest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (double value : values) {
            largest = Math.max(largest, value);
            least = Math.min(least, value);
        }
        double[][] inverse = new double[p][p];
        for (int k = 0; k < p; k++) {
            double value = Math.max(values[k], Math.max(LEAST * largest, Double.MIN_NORMAL));
            for (int i = 0; i < p; i++) {
                for (int j = 0; j < p; j++) {
                    double product = eigen.getEigenvector(k).getEntry(i)
                            * eigen.getEigenvector(k).getEntry(j);
                    inverse[i][j] += scale[i] * scale[j] * product / value;
                }
            }
        }
        return new Inverse(least > 0 ? largest / least : Double.POSITIVE_INFINITY, inverse);
    }

    /** Where nothing is determined. */
    private static Inverse open(int p) {
        double[][] inverse = new double[p][p];
        for (int i = 0; i < p; i++) {
            inverse[i][i] = Double.POSITIVE_INFINITY;
        }
        return new Inverse(Double.POSITIVE_INFINITY, inverse);
    }
}
