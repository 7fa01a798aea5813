package io.straightedge.fitter.solve;

/**
 * Cholesky factor of a symmetric positive definite 3x3 matrix, in place and without allocation.
 *
 * <p>G = L L', with the packed order (00, 10, 11, 20, 21, 22) of the lower triangle. The forecast solves 700 of these at
 * each refit. Fails, and says so, when a pivot is not above 1e-14 of its diagonal. Mutable workspace, one thread.
 */
public final class Cholesky3 {

    private static final double LEAST_PIVOT = 1e-14;

    private double l00;
    private double l10;
    private double l11;
    private double l20;
    private double l21;
    private double l22;

    /** Factors; false when the matrix is not positive definite to working precision. */
    public boolean factor(double g00, double g10, double g11, double g20, double g21, double g22) {
        if (!(g00 > 0)) {
            return false;
        }
        l00 = Math.sqrt(g00);
        l10 = g10 / l00;
        l20 = g20 / l00;
        double p11 = g11 - l10 * l10;
        if (!(p11 > LEAST_PIVOT * g11)) {
            return false;
        }
        l11 = Math.sqrt(p11);
        l21 = (g21 - l20 * l10) / l11;
        double p22 = g22 - l20 * l20 - l21 * l21;
        if (!(p22 > LEAST_PIVOT * g22)) {
            return false;
        }
        l22 = Math.sqrt(p22);
        return true;
    }

    /** ln det G of the last factored matrix. */
    public double logDeterminant() {
        return 2 * Math.log(l00 * l11 * l22);
    }

    /** Solves G x = r; writes {@code out[at..at+3)}. */
    public void solve(double r0, double r1, double r2, double[] out, int at) {
        double y0 = r0 / l00;
        double y1 = (r1 - l10 * y0) / l11;
        double y2 = (r2 - l20 * y0 - l21 * y1) / l22;
        double x2 = y2 / l22;
        double x1 = (y1 - l21 * x2) / l11;
        out[at] = (y0 - l10 * x1 - l20 * x2) / l00;
        out[at + 1] = x1;
        out[at + 2] = x2;
    }

    /** Writes L^-1, packed like the factor: phi' G^-1 phi is then the squared length of L^-1 phi, never negative. */
    public void inverseFactor(double[] out, int at) {
        double i00 = 1 / l00;
        double i11 = 1 / l11;
        double i22 = 1 / l22;
        double i10 = -l10 * i00 * i11;
        double i21 = -l21 * i11 * i22;
        out[at] = i00;
        out[at + 1] = i10;
        out[at + 2] = i11;
        out[at + 3] = -(l20 * i00 + l21 * i10) * i22;
        out[at + 4] = i21;
        out[at + 5] = i22;
    }
}
