package io.straightedge.deploy.offline;

import io.straightedge.protocol.signal.Interval;
import java.util.Arrays;

/** Quantiles of numbers, linear between order statistics (type 7 of Hyndman and Fan 1996). */
final class Quantiles {

    private final double[] sorted;

    /** @param values at least one; not kept */
    Quantiles(double[] values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    double at(double level) {
        double place = level * (sorted.length - 1);
        int low = (int) Math.floor(place);
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
    }

    /** The median with its central 80 % and 95 %. */
    Interval interval() {
        return new Interval(at(0.5), at(0.1), at(0.9), at(0.025), at(0.975));
    }

    double sd() {
        double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
        double squares = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (sorted.length - 1));
    }
}
