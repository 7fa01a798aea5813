package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to fit one form of law. Stateless, safe on any thread; equal points in equal order give equal bits. */
public interface LawEstimator {

    /** What people call it: {@code chinchilla}, {@code kaplan-n}. */
    String name();

    /** Fits from nothing. */
    Outcome<LawFit> fit(LawPoints points, FitOptions options);

    /** Fits from an earlier optimum of the same estimator, and from nothing where that no longer holds. */
    default Outcome<LawFit> refit(LawFit previous, LawPoints points, FitOptions options) {
        return fit(points, options);
    }

    /**
     * Theta at the best of the optima that {@code starts} lead to; null where that is no law.
     *
     * <p>Without what a whole fit adds: this is what resamples call by the thousand.
     *
     * @param starts theta of each [p], at least one
     */
    double @Nullable [] optimum(LawPoints points, FitOptions options, List<List<Double>> starts);
}
