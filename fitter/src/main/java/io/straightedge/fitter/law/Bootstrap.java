package io.straightedge.fitter.law;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Bootstrap over runs: in each draw a run weighs as often as it was drawn, so that points of one run, which share its
 * noise, come and go together, and no row is copied.
 *
 * <p>Each draw has a generator of its own, seeded by its index: draws may be made in any order, on any threads, and
 * give the same theta. A draw starts from the basins of the fit to all points. Immutable.
 *
 * @see "Efron and Tibshirani 1993, chapter 8: resample the units that are independent"
 */
public final class Bootstrap {

    private final LawEstimator estimator;
    private final LawPoints points;
    private final FitOptions options;
    private final List<List<Double>> starts;
    /** Indices of the runs that have a point. */
    private final int[] runs;

    /** Where the generators of the draws begin. */
    private final long origin;

    /** @param fit of {@code estimator} to all of {@code points} */
    public Bootstrap(LawEstimator estimator, LawPoints points, LawFit fit, FitOptions options, long seed) {
        this.estimator = estimator;
        this.points = points;
        this.options = options;
        // Mixed, or the draws of neighbouring seeds would be the same ones, shifted.
        origin = new SplittableRandom(seed).nextLong();
        starts = fit.certificate().basins().stream()
                .map(Certificate.Basin::theta)
                .toList();
        runs = IntStream.range(0, points.size())
                .map(points::run)
                .distinct()
                .sorted()
                .toArray();
    }

    /** Theta of draw {@code index} (&gt;= 0), independent of all others; null where the draw has no law. */
    public double @Nullable [] draw(int index) {
        int[] count = new int[points.runs()];
        // Mixed once more: generators of neighbouring seeds would run through the same numbers, shifted by one.
        SplittableRandom random = new SplittableRandom(new SplittableRandom(origin + index).nextLong());
        for (int i = 0; i < runs.length; i++) {
            count[runs[random.nextInt(runs.length)]]++;
        }
        double[] weight = new double[points.size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = points.weight(i) * count[points.run(i)];
        }
        return estimator.optimum(points.weighted(weight), options, starts);
    }
}
