package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;

/** The loss that one wants to know. */
public sealed interface Target {

    /** N, D and L of the target by {@code law}. */
    Allocation by(SurfaceLaw law);

    /**
     * The best loss that a budget buys; each law has its own N and D there. To first order L_opt(C) changes with the
     * coefficients as L does at that N and D.
     *
     * @param flops C (&gt; 0, finite)
     */
    record Budget(double flops) implements Target {

        public Budget {
            if (!(flops > 0) || Double.isInfinite(flops)) {
                throw new IllegalArgumentException("a budget must be above 0 and finite, not " + flops + " FLOPs");
            }
        }

        @Override
        public Allocation by(SurfaceLaw law) {
            return law.optimum(flops);
        }
    }

    /** The loss of a run of given size; N and D as in {@link Candidate}. */
    record Run(double params, double tokens) implements Target {

        public Run {
            new Candidate(params, tokens);
        }

        @Override
        public Allocation by(SurfaceLaw law) {
            return new Allocation(
                    ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens, params, tokens, law.loss(params, tokens));
        }
    }
}
