package io.straightedge.fitter.solve;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Cholesky factor of a symmetric positive definite matrix of any size, for the regressions that are refitted when a run
 * ends. O(n^3 / 3) to factor, O(n^2) to solve. Immutable.
 */
public final class PositiveDefinite {

    /** A pivot below this is no longer positive; the matrices here have unit scale and noise on the diagonal. */
    private static final double LEAST_PIVOT = 1e-12;

    private static final double SYMMETRY = 1e-9;

    private final int n;
    private final RealMatrix factor;
    private final DecompositionSolver solver;

    private PositiveDefinite(int n, CholeskyDecomposition decomposition) {
        this.n = n;
        this.factor = decomposition.getL();
        this.solver = decomposition.getSolver();
    }

    /** Factors {@code matrix} [n][n]; refused when it is not positive definite to working precision. */
    public static Outcome<PositiveDefinite> of(double[][] matrix) {
        try {
            RealMatrix known = new Array2DRowRealMatrix(matrix, false);
            return new Outcome.Found<>(
                    new PositiveDefinite(matrix.length, new CholeskyDecomposition(known, SYMMETRY, LEAST_PIVOT)));
        } catch (NonPositiveDefiniteMatrixException e) {
            return Outcome.refused("the matrix is not positive definite");
        }
    }

    /** x [n] with M x = {@code right} [n]. */
    public double[] solve(double[] right) {
        return solver.solve(new ArrayRealVector(right, false)).toArray();
    }

    /** M^-1, [n][n]. */
    public double[][] inverse() {
        return solver.getInverse().getData();
    }

    /** ln det M. */
    public double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(factor.getEntry(i, i));
        }
        return 2 * sum;
    }
}
