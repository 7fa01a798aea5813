package io.straightedge.ingest.simulate;

import io.straightedge.ingest.simulate.RunPlan.FaultPlan;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where the faults of a run are, counted in its observations from 1. */
final class Faults {

    static final int SPIKE_OBSERVATIONS = 6;
    static final int NAN_OBSERVATIONS = 3;

    /** Observations repeated after a restart: 150 steps. */
    static final int RESTART_OBSERVATIONS = 30;

    /** Observations from the onset of a divergence until somebody kills the run. */
    static final int DIVERGENCE_OBSERVATIONS = 200;

    /** Silence of a stall. */
    static final Duration STALL = Duration.ofMinutes(45);

    private final RunPlan plan;
    private final Map<Fault.Kind, Integer> onsets = new EnumMap<>(Fault.Kind.class);

    Faults(RunPlan plan) {
        this.plan = plan;
        for (FaultPlan fault : plan.faults()) {
            onsets.put(fault.kind(), (int) Math.round(fault.fraction() * plan.observations()));
        }
    }

    /** Observations since the onset, 0 at it; negative before it or without such a fault. */
    int since(Fault.Kind kind, int observation) {
        Integer onset = onsets.get(kind);
        return onset == null ? -1 : observation - onset;
    }

    boolean stallsAt(int observation) {
        return since(Fault.Kind.STALL, observation) == 0;
    }

    boolean restartsAfter(int observation) {
        return since(Fault.Kind.RESTART, observation) == -1 && onsets.containsKey(Fault.Kind.RESTART);
    }

    boolean diesAfter(int observation) {
        return since(Fault.Kind.DIVERGENCE, observation) == DIVERGENCE_OBSERVATIONS;
    }

    /** The faults as the truth tells them. */
    List<Fault> truth() {
        return onsets.entrySet().stream()
                .map(onset -> fault(onset.getKey(), onset.getValue()))
                .toList();
    }

    private Fault fault(Fault.Kind kind, int onset) {
        int end = switch (kind) {
            case SPIKE -> onset + SPIKE_OBSERVATIONS - 1;
            case NAN -> onset + NAN_OBSERVATIONS - 1;
            case DIVERGENCE -> onset + DIVERGENCE_OBSERVATIONS;
            case STALL -> onset;
            case RESTART -> onset - RESTART_OBSERVATIONS;
        };
        return new Fault(
                plan.study(),
                plan.name(),
                kind,
                (long) onset * Simulation.LOG_EVERY,
                (long) end * Simulation.LOG_EVERY);
    }
}
