package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.DampedNewton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * From starting points to optima of a robust objective: through wider bounds to the exact one.
 *
 * <p>The objective is nearly a sum of absolute values, on which plain Newton steps chatter; solved roughly at 16 and 4
 * times the bound first, it takes about a dozen evaluations a start.
 */
final class Polish {

    private static final int MOST_ITERATIONS = 300;
    private static final double[] CONTINUATION = {16, 4, 1};
    private static final double ROUGH = 1e-3;
    /** Ends whose values agree to this part are the same optimum. */
    private static final double SAME = 1e-7;

    private final RobustObjective objective;
    private final double delta;
    private final double sumOfWeights;

    /** @param delta the exact bound */
    Polish(RobustObjective objective, double delta, LawPoints points) {
        this.objective = objective;
        this.delta = delta;
        double sum = 0;
        for (int i = 0; i < points.size(); i++) {
            sum += points.weight(i);
        }
        sumOfWeights = sum;
    }

    /**
     * Where a start led.
     *
     * @param gradientNorm over delta times the sum of the weights
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record End(double[] coordinates, double objective, double gradientNorm) {}

    /** From a start that may be far off. */
    End cold(double[] start) {
        return descend(start, CONTINUATION);
    }

    /** The ends of {@code starts} near optima, best first; ties keep their order. */
    List<End> warm(List<double[]> starts) {
        return sorted(starts, start -> descend(start, new double[] {1}));
    }

    /** The ends of all {@code starts}, best first; ties keep their order. */
    List<End> all(List<double[]> starts) {
        return sorted(starts, this::cold);
    }

    private static List<End> sorted(List<double[]> starts, Function<double[], End> polish) {
        List<End> ends = new ArrayList<>();
        for (double[] start : starts) {
            ends.add(polish.apply(start));
        }
        ends.sort(Comparator.comparingDouble(End::objective));
        return ends;
    }

    private End descend(double[] start, double[] factors) {
        DampedNewton newton = new DampedNewton(start.length);
        double[] theta = start.clone();
        double value = Double.NaN;
        for (double factor : factors) {
            objective.delta(factor * delta);
            value = newton.minimise(objective, theta, MOST_ITERATIONS, factor == 1 ? DampedNewton.EXACT : ROUGH);
        }
        double gradientNorm = newton.gradientNorm() / (delta * sumOfWeights);
        // Where slopes overflow there is neither a certificate nor a covariance: as good as no end.
        return new End(theta, Double.isFinite(gradientNorm) ? value : Double.POSITIVE_INFINITY, gradientNorm);
    }

    /** The distinct optima among {@code ends}, which are sorted, best first. */
    static List<Certificate.Basin> basins(List<End> ends, RobustObjective objective) {
        List<Certificate.Basin> basins = new ArrayList<>();
        double last = Double.NaN;
        for (End end : ends) {
            if (Double.isFinite(end.objective()) && !(end.objective() <= last * (1 + SAME))) {
                last = end.objective();
                double[] theta = objective.theta(end.coordinates());
                basins.add(
                        new Certificate.Basin(last, Arrays.stream(theta).boxed().toList()));
            }
        }
        return basins;
    }
}
