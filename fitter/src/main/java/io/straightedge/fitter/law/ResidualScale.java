package io.straightedge.fitter.law;

import io.straightedge.fitter.interval.StandardNormal;
import java.util.Arrays;

/**
 * Scale of log residuals, and what a Huber fit makes of it.
 *
 * <p>sigma = 1.4826 median |sqrt(w) r| over all but the p smallest: a fit near L1 passes through p points, which say
 * nothing of the noise. The covariance of a Huber estimate under normal noise is sigma^2 eff (J'WJ)^-1 with k = d/sigma
 * and eff = E psi^2 / (sigma E psi')^2 = (P - 2 k phi(k) + k^2 (1 - P)) / P^2, P = erf(k/sqrt 2): 1 for k large (least
 * squares), pi/2 for k small (least absolute deviations).
 *
 * @see "Huber, Robust Statistics (1981), eq. 6.4 in chapter 7"
 */
public final class ResidualScale {

    private ResidualScale() {}

    /** sigma of {@code residuals}, already multiplied by sqrt(w); sorts its own copy. */
    public static double robust(double[] residuals, int coefficients) {
        double[] size = new double[residuals.length];
        for (int i = 0; i < size.length; i++) {
            size[i] = Math.abs(residuals[i]);
        }
        Arrays.sort(size);
        int skip = Math.min(coefficients, size.length - 1);
        int left = size.length - skip;
        int middle = skip + left / 2;
        return 1.4826 * (left % 2 == 1 ? size[middle] : 0.5 * (size[middle - 1] + size[middle]));
    }

    /** eff(k); k = d/sigma may be infinite. */
    static double efficiencyLoss(double k) {
        if (k < 1e-4) {
            return Math.PI / 2;
        }
        if (k > 30) {
            return 1;
        }
        double inside = StandardNormal.within(k);
        double density = Math.exp(-0.5 * k * k) / Math.sqrt(2 * Math.PI);
        return (inside - 2 * k * density + k * k * (1 - inside)) / (inside * inside);
    }
}
