package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawBasin;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is believed of a fitted law: its optimum and, where the fit found rivals, those too, each normal about itself.
 *
 * <p>The objective F of a robust fit is nearly a sum of absolute log residuals, so that -2 ln likelihood = 2 n ln F and
 * a constant. Basin k with p coefficients has BIC_k = 2 n ln F_k + p ln n and the weight exp(-BIC_k/(2T)), T = max(1,
 * n/(2p)): at full strength a misfit that the law shares with no noise would silence every rival. Weights below {@value
 * #LEAST_WEIGHT} of the best are dropped. The law's own covariance is the estimate's; a rival's is sigma^2 (J'WJ)^-1 of
 * log residuals at its own optimum, or the law's where the points leave that open. O(n p^2) a basin.
 *
 * @see "Li et al. 2026, arXiv 2604.22753, for the mixture; the temper is theirs"
 */
final class Basins {

    private static final double LEAST_WEIGHT = 1e-3;
    /** Objectives that agree to this part are the same optimum. */
    private static final double SAME = 1e-7;

    private Basins() {}

    /** Empty when the estimate has no law of N and D with a finite covariance. */
    static List<Basin> of(LawEstimate estimate, double sigma) {
        if (!(estimate.law() instanceof SurfaceLaw law) || !Basin.usable(estimate.covariance(), law.size())) {
            return List.of();
        }
        List<Basin> basins = new ArrayList<>();
        basins.add(new Basin(1, law, estimate.covariance()));
        List<LawPoint> points =
                estimate.points().stream().filter(point -> point.weight() > 0).toList();
        double best = estimate.objective();
        for (LawBasin rival : estimate.basins()) {
            double weight = weight(best, rival.objective(), points.size(), law.size());
            if (rival.law() instanceof SurfaceLaw other
                    && other.getClass() == law.getClass()
                    && rival.objective() > best * (1 + SAME)
                    && weight >= LEAST_WEIGHT) {
                List<List<Double>> own = covariance(other, points, sigma);
                basins.add(new Basin(weight, other, own == null ? estimate.covariance() : own));
            }
        }
        return basins;
    }

    /** Relative to the best: (F_k/F)^(-n/T). */
    static double weight(double best, double objective, int points, int coefficients) {
        double temper = Math.max(1, points / (2.0 * coefficients));
        return Math.pow(objective / best, -points / temper);
    }

    private static @Nullable List<List<Double>> covariance(SurfaceLaw law, List<LawPoint> points, double sigma) {
        int size = law.size();
        NormalMatrix normal = new NormalMatrix(size);
        double[] gradient = new double[size];
        for (LawPoint point : points) {
            double loss = law.loss(point.params(), point.tokens());
            law.gradient(point.params(), point.tokens(), gradient);
            for (int i = 0; i < size; i++) {
                gradient[i] /= loss;
            }
            normal.add(gradient, point.weight());
        }
        List<List<Double>> covariance = normal.inverse(sigma * sigma);
        return covariance != null && Basin.usable(covariance, size) ? covariance : null;
    }
}
