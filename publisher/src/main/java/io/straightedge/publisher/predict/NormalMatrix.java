package io.straightedge.publisher.predict;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * J'WJ of a weighted least-squares problem and its inverse, by Cholesky's method on the matrix scaled to a unit diagonal.
 *
 * <p>[p][p]. O(p^2) a row, O(p^3) to invert. Counts as singular when a pivot falls below {@value #LEAST_PIVOT}, which
 * is about a condition of 1e12. Not thread-safe.
 */
final class NormalMatrix {

    private static final double LEAST_PIVOT = 1e-12;

    private final int size;
    private final double[][] sum;

    NormalMatrix(int size) {
        this.size = size;
        this.sum = new double[size][size];
    }

    /** Adds {@code weight} j j'. */
    void add(double[] j, double weight) {
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                sum[row][column] += weight * j[row] * j[column];
            }
        }
    }

    /** {@code variance} (J'WJ)^-1; null when the rows leave a direction open. */
    @Nullable
    List<List<Double>> inverse(double variance) {
        double[] scale = new double[size];
        for (int i = 0; i < size; i++) {
            scale[i] = Math.sqrt(sum[i][i]);
        }
        double[][] root = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double left = sum[i][j] / (scale[i] * scale[j]);
                for (int k = 0; k < j; k++) {
                    left -= root[i][k] * root[j][k];
                }
                if (i == j && !(left > LEAST_PIVOT)) {
                    return null;
                }
                root[i][j] = i == j ? Math.sqrt(left) : left / root[j][j];
            }
        }
        double[][] lower = inverseOfLower(root);
        List<List<Double>> inverse = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < size; j++) {
                double product = 0;
                for (int k = Math.max(i, j); k < size; k++) {
                    product += lower[k][i] * lower[k][j];
                }
                row.add(variance * product / (scale[i] * scale[j]));
            }
            inverse.add(List.copyOf(row));
        }
        return inverse;
    }

    private double[][] inverseOfLower(double[][] root) {
        double[][] inverse = new double[size][size];
        for (int column = 0; column < size; column++) {
            for (int i = column; i < size; i++) {
                double left = i == column ? 1 : 0;
                for (int k = column; k < i; k++) {
                    left -= root[i][k] * inverse[k][column];
                }
                inverse[i][column] = left / root[i][i];
            }
        }
        return inverse;
    }
}
