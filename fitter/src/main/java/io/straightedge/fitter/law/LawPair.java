package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Spectrum;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.GammaLaw;
import io.straightedge.protocol.law.ScalingLaw;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chinchilla's form and the one with gamma, fitted to forecast rather than to report.
 *
 * <p>Weight of a run: its own, times (C/C_max)^(1/4), over 1 + (e/.1)^2 with e = ln L above the least loss of its
 * budget or any smaller one: an L1 fit is else steered by runs far from the optimum. Both forms have {@link
 * ExponentRidge}; gamma frees the curvature of the IsoFLOP profile from the exponent of the frontier, which five
 * coefficients tie together. Immutable.
 */
final class LawPair {

    private static final double POWER_OF_COMPUTE = 0.25;
    private static final double EXCESS = 0.1;
    private static final double LEAST_SIGMA = 1e-3;
    private static final int COEFFICIENTS = 6;
    /** Standard deviations of a weak normal prior on the centred (a, b, e, alpha, beta), for the covariance. */
    private static final double[] PRIOR = {3, 3, 0.3, 0.2, 0.2};

    private final LawPoints points;
    private final FitOptions options;
    private final CentredLogs logs;
    private final ChinchillaLaw first;
    private final GammaLaw second;

    private LawPair(LawPoints points, FitOptions options, CentredLogs logs, ChinchillaLaw first, GammaLaw second) {
        this.points = points;
        this.options = options;
        this.logs = logs;
        this.first = first;
        this.second = second;
    }

    /**
     * Fits both; null where an end is no law.
     *
     * @param group of each point's budget, rising in C [n]
     */
    static @Nullable LawPair of(LawPoints unweighted, int[] group, FitOptions options) {
        LawPoints points = unweighted.weighted(weights(unweighted, group));
        CentredLogs logs = new CentredLogs(points);
        double delta = options.delta();
        LogHuber plain = new LogHuber(logs);
        double[] start = new Polish(plain, delta, points)
                .all(StartGrid.of(logs, bounded(plain, delta)))
                .get(0)
                .coordinates();
        double[] residuals = new double[points.size()];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = plain.residual(start, i);
        }
        double weight = delta * Math.max(LEAST_SIGMA, scale(points, residuals));
        double mean = Arrays.stream(logs.loss).average().orElse(0);
        double[] fallback = {mean - 2, mean - 2, mean - 0.5, ExponentRidge.MEAN, ExponentRidge.MEAN};
        double[] chinchilla = new Polish(new ExponentRidge(plain, weight), delta, points)
                .all(List.of(start, fallback))
                .get(0)
                .coordinates();
        double[] extended = Arrays.copyOf(chinchilla, COEFFICIENTS);
        double[] gamma = new Polish(new ExponentRidge(new GammaHuber(logs), weight), delta, points)
                .cold(extended)
                .coordinates();
        return LawHuber.law(new ChinchillaLaw(1, 1, 1, 1, 1), logs.uncentre(chinchilla)) instanceof ChinchillaLaw f
                        && LawHuber.law(new GammaLaw(1, 1, 1, 1, 1, 1), logs.uncentre(gamma)) instanceof GammaLaw g
                ? new LawPair(points, options, logs, f, g)
                : null;
    }

    private static LogHuber bounded(LogHuber objective, double delta) {
        objective.delta(delta);
        return objective;
    }

    ChinchillaLaw first() {
        return first;
    }

    GammaLaw second() {
        return second;
    }

    /**
     * The forecast of the pair.
     *
     * @param share of the second law
     * @param factor lambda
     */
    Extrapolation extrapolation(double share, double logLargestFlops, double factor, int degrees, int budgets) {
        int n = points.size();
        double[] residuals = new double[n];
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int i = 0; i < n; i++) {
            double one = LawHuber.residual(first, points, i);
            double other = LawHuber.residual(second, points, i);
            residuals[i] = (1 - share) * one + share * other;
            least = Math.min(least, points.tokens(i) / points.params(i));
            most = Math.max(most, points.tokens(i) / points.params(i));
        }
        double sigma = Math.max(1e-5, scale(points, residuals));
        List<List<Double>> covariance = Arrays.stream(covariance(sigma))
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        return new Extrapolation(
                first,
                second,
                share,
                covariance,
                sigma,
                Math.exp(logLargestFlops),
                least,
                most,
                factor,
                degrees,
                budgets);
    }

    /** (J'WJ/sigma^2 + prior)^-1 of the first law's theta. */
    private double[][] covariance(double sigma) {
        LogHuber objective = bounded(new LogHuber(logs), options.delta());
        double[] theta = objective.coordinates(first.theta());
        int p = theta.length;
        double[][] normal = new double[p][p];
        for (int i = 0; i < points.size(); i++) {
            objective.residual(theta, i);
            double[] slope = objective.jacobian(i);
            double w = points.weight(i) / (sigma * sigma);
            for (int j = 0; j < p; j++) {
                for (int k = 0; k < p; k++) {
                    normal[j][k] += w * slope[j] * slope[k];
                }
            }
        }
        for (int j = 0; j < p; j++) {
            normal[j][j] += 1 / (PRIOR[j] * PRIOR[j]);
        }
        return logs.uncentred(Spectrum.of(normal).matrix());
    }

    /** 1.4826 times the weighted median of |r|, widened for the coefficients fitted. */
    private static double scale(LawPoints points, double[] residuals) {
        int n = residuals.length;
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> Math.abs(residuals[i])))
                .mapToInt(Integer::intValue)
                .toArray();
        double total = IntStream.range(0, n).mapToDouble(points::weight).sum();
        double sum = 0;
        int at = 0;
        while (at < n - 1 && sum + points.weight(order[at]) < 0.5 * total) {
            sum += points.weight(order[at++]);
        }
        return 1.4826 * Math.abs(residuals[order[at]]) * Math.sqrt(n / (double) Math.max(n - COEFFICIENTS, 2));
    }

    private static double[] weights(LawPoints points, int[] group) {
        int groups = Arrays.stream(group).max().orElse(0) + 1;
        double[] least = new double[groups];
        double[] logFlops = new double[groups];
        int[] count = new int[groups];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (int i = 0; i < group.length; i++) {
            least[group[i]] = Math.min(least[group[i]], Math.log(points.loss(i)));
            logFlops[group[i]] += logFlops(points, i);
            count[group[i]]++;
        }
        for (int g = 0; g < groups; g++) {
            logFlops[g] /= count[g];
            least[g] = g > 0 ? Math.min(least[g], least[g - 1]) : least[g];
        }
        double[] weight = new double[group.length];
        for (int i = 0; i < weight.length; i++) {
            double excess = (Math.log(points.loss(i)) - least[group[i]]) / EXCESS;
            double compute = Math.exp(POWER_OF_COMPUTE * (logFlops[group[i]] - logFlops[groups - 1]));
            weight[i] = points.weight(i) * compute / (1 + excess * excess);
        }
        return weight;
    }

    private static double logFlops(LawPoints points, int i) {
        return Math.log(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * points.params(i) * points.tokens(i));
    }
}
