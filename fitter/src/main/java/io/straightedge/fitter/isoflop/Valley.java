package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.solve.Akima;
import io.straightedge.fitter.solve.Parabola;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The losses of one budget along ln N or ln D: places rising, those at the same place to a millionth
 * averaged by weight. Immutable.
 */
final class Valley {

    private static final double SAME = 1e-6;

    private final double[] place;
    private final double[] loss;
    private final double[] weight;

    private Valley(double[] place, double[] loss, double[] weight) {
        this.place = place;
        this.loss = loss;
        this.weight = weight;
    }

    /** From unordered places [n], losses [n] and weights [n]. */
    static Valley of(double[] places, double[] losses, double[] weights) {
        int[] order = IntStream.range(0, places.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> places[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] place = new double[order.length];
        double[] loss = new double[order.length];
        double[] weight = new double[order.length];
        int last = -1;
        for (int i : order) {
            if (last < 0 || places[i] > place[last] + SAME) {
                last++;
                place[last] = places[i];
            }
            weight[last] += weights[i];
            loss[last] += weights[i] * (losses[i] - loss[last]) / weight[last];
        }
        return new Valley(
                Arrays.copyOf(place, last + 1), Arrays.copyOf(loss, last + 1), Arrays.copyOf(weight, last + 1));
    }

    /** How many different places. */
    int places() {
        return place.length;
    }

    /** The mean distance of neighbours. */
    double step() {
        return (place[place.length - 1] - place[0]) / (place.length - 1);
    }

    /** Through loss over place; needs three places. */
    Parabola parabola() {
        return Parabola.fit(place, loss, weight);
    }

    /** The spline of ln loss over place; needs three places. */
    Akima akima() {
        return new Akima(place, Arrays.stream(loss).map(Math::log).toArray());
    }

    /** Whether {@code at} lies between the first and the last place, neither of them. */
    boolean inside(double at) {
        return at > place[0] && at < place[place.length - 1];
    }
}
