package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.solve.Akima;
import io.straightedge.fitter.solve.Parabola;
import org.jspecify.annotations.Nullable;

/** A way to read the minimum of a {@link Valley}. */
enum Bottom {
    /**
     * The vertex of the parabola of least squares through (place, L). It must open upwards and lie inside.
     *
     * @see "Hoffmann et al. 2022, arXiv 2203.15556, section 3.2"
     */
    PARABOLA {
        @Override
        double place(Valley valley) {
            Parabola parabola = valley.parabola();
            return parabola.curvature() > 0 && valley.inside(parabola.vertex()) ? parabola.vertex() : Double.NaN;
        }

        @Override
        double loss(Valley valley, double at) {
            return valley.parabola().value();
        }

        @Override
        double leastSd(Valley valley) {
            return 0;
        }
    },

    /**
     * The minimum of Akima's spline through (place, ln L). It must lie inside. Between two knots it is known no better
     * than a third of their distance. The source takes the least of 25 values a knot; this is the minimum that they
     * approach.
     *
     * @see "Porian et al. 2024, arXiv 2406.19146"
     */
    AKIMA {
        @Override
        double place(Valley valley) {
            double at = valley.akima().minimum();
            return valley.inside(at) ? at : Double.NaN;
        }

        @Override
        double loss(Valley valley, double at) {
            return Math.exp(valley.akima().value(at));
        }

        @Override
        double leastSd(Valley valley) {
            return 0.33 * valley.step();
        }
    };

    /** Places that a valley needs. */
    static final int LEAST_PLACES = Math.max(Parabola.LEAST_POINTS, Akima.LEAST_KNOTS);

    /** Where {@code valley} is least; NaN where no minimum lies inside. */
    abstract double place(Valley valley);

    /** The loss at a minimum, nats per token. */
    abstract double loss(Valley valley, double at);

    /** Floor of the standard deviation of a place. */
    abstract double leastSd(Valley valley);

    /** Why {@code valley} has no minimum, of the axis so named; null where it has. */
    @Nullable
    String objection(Valley valley, String axis) {
        if (valley.places() < LEAST_PLACES) {
            return "fewer than three different " + axis;
        }
        if (this == PARABOLA && !(valley.parabola().curvature() > 0)) {
            return "the losses do not curve upwards along " + axis;
        }
        return Double.isNaN(place(valley)) ? "the least loss lies at or beyond the edge of the sampled " + axis : null;
    }
}
