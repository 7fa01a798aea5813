package io.straightedge.fitter.interval;

import java.util.Arrays;

/**
 * Quantiles of |z| from a study's own finished runs and from a reference, mixed.
 *
 * <p>x_p is the least x with w F(x) + #{i: |z_i| &lt;= x} &gt;= p (w + n + n/(n + w)). F is the reference distribution,
 * which weighs w = 8 runs; it passes through the reference's 50, 80 and 95 % points and is linear between them, and
 * beyond the last, in the quantile of |N(0,1)|. The run that is forecast has its own share of the mass, at infinity, as
 * split-conformal prediction wants: n/(n + w), which is 0 for n = 0, where x_p is the reference's, and 1 for many runs,
 * where x_p is the ceil(p (n + 1))-th smallest |z_i|, give or take the w. Finite for every n, rising in p. O(n log n)
 * once, O(n) a level.
 *
 * @see "Vovk, Gammerman, Shafer 2005, ch. 4, for the split-conformal quantile; the mixture is our own"
 */
final class MixedQuantile {

    /** Runs that the reference counts for. */
    static final double REFERENCE_WEIGHT = 8;

    private static final double NORMAL_50 = StandardNormal.central(0.5);
    private static final double NORMAL_80 = StandardNormal.central(0.8);
    private static final double NORMAL_95 = StandardNormal.central(0.95);

    private final IntervalFactors reference;
    /** Rising. */
    private final double[] size;

    /** @param z of finished runs, signed or not, finite */
    MixedQuantile(IntervalFactors reference, double[] z) {
        this.reference = reference;
        this.size = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            size[i] = Math.abs(z[i]);
        }
        Arrays.sort(size);
    }

    /** x_p for p in (0, 1). */
    double at(double p) {
        int n = size.length;
        double wanted = p * (REFERENCE_WEIGHT + n + n / (n + REFERENCE_WEIGHT));
        for (int below = 0; below <= n; below++) {
            double from = below == 0 ? 0 : size[below - 1];
            double to = below == n ? Double.POSITIVE_INFINITY : size[below];
            double share = (wanted - below) / REFERENCE_WEIGHT;
            double x = share <= 0 ? from : share < 1 ? Math.max(from, referenceQuantile(share)) : to;
            if (x < to) {
                return x;
            }
        }
        throw new IllegalStateException("the wanted mass lies beyond the whole: p = " + p + ", n = " + n);
    }

    private double referenceQuantile(double p) {
        double u = StandardNormal.central(p);
        if (u <= NORMAL_50) {
            return u / NORMAL_50 * reference.at50();
        }
        return u <= NORMAL_80
                ? between(u, NORMAL_50, NORMAL_80, reference.at50(), reference.at80())
                : between(u, NORMAL_80, NORMAL_95, reference.at80(), reference.at95());
    }

    private static double between(double u, double u0, double u1, double x0, double x1) {
        return x0 + (u - u0) / (u1 - u0) * (x1 - x0);
    }
}
