package io.straightedge.ingest.simulate;

import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.run.ScheduleKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One simulated run before it is drawn.
 *
 * @param observations logged losses, one every {@link Simulation#LOG_EVERY} steps
 * @param starts on the timeline; negative for history
 * @param secondsPerStep of simulated time
 */
record RunPlan(
        String study,
        String name,
        double params,
        double tokensPerParam,
        ScheduleKind schedule,
        int observations,
        Duration starts,
        double secondsPerStep,
        List<FaultPlan> faults) {

    /** A fault at a fraction of the run's observations. */
    record FaultPlan(Fault.Kind kind, double fraction) {}

    RunPlan {
        faults = List.copyOf(faults);
    }

    long steps() {
        return (long) observations * Simulation.LOG_EVERY;
    }

    double tokens() {
        return params * tokensPerParam;
    }

    double tokensPerStep() {
        return tokens() / steps();
    }

    /** Falls with size, as larger models want smaller steps. */
    double peakLr() {
        return 3e-3 * Math.pow(params / 2e7, -0.3);
    }

    boolean diverges() {
        return find(Fault.Kind.DIVERGENCE) != null;
    }

    @Nullable
    FaultPlan find(Fault.Kind kind) {
        return faults.stream().filter(fault -> fault.kind() == kind).findFirst().orElse(null);
    }

    double lawLoss(ChinchillaLaw law) {
        return law.loss(params, tokens());
    }
}
