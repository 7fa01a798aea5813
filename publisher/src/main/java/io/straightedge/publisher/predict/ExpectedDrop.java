package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Allocation;
import java.util.List;

/**
 * By how much one more run is expected to lower the variance of a target's predicted loss.
 *
 * <p>Belief about losses is a mixture sum_k w_k of normal {@link Belief}s, one about each basin's law. The target's
 * loss t has in basin k the mean t_k and the variance v_k; its variance is sum_k w_k (v_k + (t_k - t)^2), within and
 * between basins. The run shows y = ln L(N, D) + noise of standard deviation sigma; in basin k, y ~ N(m_k, s_k^2) with
 * m_k = ln L_k and s_k^2 = sigma^2 + the variance of ln L, and c_k is its covariance with t. Once y is known, t has in
 * basin k the mean t_k + g_k (y - m_k), g_k = c_k / s_k^2, and the basin the weight w_k N(y; m_k, s_k^2), normalised.
 * What is expected to be lost of the variance is the variance over y of the mean of t given y:
 *
 * <p>drop = E_y (E[t | y] - t)^2.
 *
 * <p>With one basin that is c^2 / s^2, without drift the rank-one update Sigma - Sigma j j' Sigma / s^2; with several
 * the integral is taken over each basin's y by the trapezoidal rule in (y - m_k)/s_k from -{@value #REACH} to {@value
 * #REACH} by {@value #STEP}, which for a smooth integrand against a normal density is exact to rounding. Losses in nats
 * per token, variances in nats^2. O(K (p^2 + n^2) + 160 K^2) a run for K basins and n runs made. Never negative, never
 * above the variance but for rounding; NaN where a law says nothing finite. Not thread-safe.
 *
 * @see "Li et al. 2026, arXiv 2604.22753; there the parts within and between basins are summed apart, here they are one
 *     integral"
 */
final class ExpectedDrop {

    private static final double REACH = 8;
    private static final double STEP = 0.1;

    private final Belief[] beliefs;
    /** The target in each basin. */
    private final Belief.Place[] target;

    private final double sigma;
    /** Sums to 1. */
    private final double[] weight;
    /** t_k - t. */
    private final double[] offset;

    private final double mean;
    private final double variance;

    /** Of one run: s_k, m_k and g_k for each basin. */
    private final double[] spread;

    private final double[] centre;
    private final double[] gain;

    /**
     * For laws that are exact.
     *
     * @param basins at least one, each with the covariance that the runs so far have left
     * @param sigma standard deviation of a run's log loss about the law (&gt; 0)
     */
    ExpectedDrop(List<Basin> basins, Target target, double sigma) {
        this(basins, Drift.NONE, List.of(), target, sigma);
    }

    /**
     * For laws that losses may drift from.
     *
     * @param basins at least one, each with the covariance that was believed before any run
     * @param made the runs so far, of a weight above 0
     * @param sigma standard deviation of a run's log loss about the law and its drift (&gt; 0)
     */
    ExpectedDrop(List<Basin> basins, Drift drift, List<LawPoint> made, Target target, double sigma) {
        if (basins.isEmpty() || !(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException(
                    "at least one basin and a noise above 0 are needed, not " + basins.size() + " and " + sigma);
        }
        int count = basins.size();
        this.sigma = sigma;
        beliefs = new Belief[count];
        this.target = new Belief.Place[count];
        weight = new double[count];
        offset = new double[count];
        spread = new double[count];
        centre = new double[count];
        gain = new double[count];
        double total = basins.stream().mapToDouble(Basin::weight).sum();
        double sum = 0;
        for (int k = 0; k < count; k++) {
            Basin basin = basins.get(k);
            Allocation at = target.by(basin.law());
            beliefs[k] = new Belief(basin, drift, made, sigma);
            this.target[k] = beliefs[k].at(at.params(), at.tokens());
            weight[k] = basin.weight() / total;
            offset[k] = at.loss();
            sum += weight[k] * at.loss();
        }
        mean = sum;
        double within = 0;
        for (int k = 0; k < count; k++) {
            double loss = offset[k];
            double relative = Math.max(0, beliefs[k].covariance(this.target[k], this.target[k]));
            offset[k] -= mean;
            within += weight[k] * (loss * loss * relative + offset[k] * offset[k]);
        }
        variance = within;
    }

    /** The target's predicted loss, nats per token. */
    double mean() {
        return mean;
    }

    /** Variance of the target's predicted loss as things stand, nats^2. */
    double variance() {
        return variance;
    }

    /** The mixture's mean of ln L at N and D, as a loss in nats per token. */
    double predicted(double params, double tokens) {
        double sum = 0;
        for (int k = 0; k < weight.length; k++) {
            sum += weight[k] * Math.log(beliefs[k].before().law().loss(params, tokens));
        }
        return Math.exp(sum);
    }

    /** The expected drop by a run of N and D, nats^2. */
    double of(double params, double tokens) {
        double sum = 0;
        for (int k = 0; k < weight.length; k++) {
            Belief.Place run = beliefs[k].at(params, tokens);
            double square = sigma * sigma + Math.max(0, beliefs[k].covariance(run, run));
            spread[k] = Math.sqrt(square);
            centre[k] = Math.log(run.loss());
            gain[k] = target[k].loss() * beliefs[k].covariance(target[k], run) / square;
            sum = gain[k] * gain[k] * square;
        }
        return weight.length == 1 ? sum : mixed();
    }

    private double mixed() {
        double sum = 0;
        for (int k = 0; k < weight.length; k++) {
            double part = 0;
            double mass = 0;
            for (int node = 0; node <= 2 * REACH / STEP; node++) {
                double z = node * STEP - REACH;
                double density = Math.exp(-0.5 * z * z);
                double shift = shift(centre[k] + spread[k] * z);
                part += density * shift * shift;
                mass += density;
            }
            sum += weight[k] * part / mass;
        }
        return sum;
    }

    /** E[t | y] - t. */
    private double shift(double y) {
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < weight.length; k++) {
            most = Math.max(most, logBelief(k, y));
        }
        double sum = 0;
        double mass = 0;
        for (int k = 0; k < weight.length; k++) {
            double belief = Math.exp(logBelief(k, y) - most);
            sum += belief * (offset[k] + gain[k] * (y - centre[k]));
            mass += belief;
        }
        return sum / mass;
    }

    /** ln of w_k N(y; m_k, s_k^2), but for a constant. */
    private double logBelief(int k, double y) {
        double z = (y - centre[k]) / spread[k];
        return Math.log(weight[k] / spread[k]) - 0.5 * z * z;
    }
}
