package io.straightedge.ingest.simulate;

import io.straightedge.ingest.simulate.RunPlan.FaultPlan;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.run.ScheduleKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The runs of the demonstration.
 *
 * <p>Twelve decayed runs span 1.8 decades of N and 5 to 80 tokens a parameter, so that alpha and beta are both
 * identified; seven of them are finished history, five are live. A thirteenth diverges and is killed. Two constant-rate
 * runs are a study of their own: they end above the decayed law by the anneal they lack, so their points must not be
 * mixed with the others.
 */
final class Ladder {

    static final String STUDY = "demo";
    static final String CONSTANT_STUDY = "demo-constant";

    /** The optimum on the 240 points of Chinchilla's figure 4 (Besiroglu et al. 2024, Epoch's data). */
    static final ChinchillaLaw LAW = new ChinchillaLaw(1.817218, 477.826, 2143.417, 0.347310, 0.367172);

    /** The same law without the anneal, which is worth the same factor at every N and D. */
    static final ChinchillaLaw CONSTANT_LAW = new ChinchillaLaw(
            LAW.E() * Curve.UNDECAYED_FACTOR,
            LAW.A() * Curve.UNDECAYED_FACTOR,
            LAW.B() * Curve.UNDECAYED_FACTOR,
            LAW.alpha(),
            LAW.beta());

    private static final Duration HISTORY = Duration.ofDays(-3);

    private Ladder() {}

    static Map<String, ChinchillaLaw> laws() {
        return Map.of(STUDY, LAW, CONSTANT_STUDY, CONSTANT_LAW);
    }

    static List<RunPlan> runs() {
        return List.of(
                past("20M-d20", 20e6, 20, ScheduleKind.COSINE, 1500),
                past("20M-d80", 20e6, 80, ScheduleKind.WSD, 1600),
                past("40M-d10", 40e6, 10, ScheduleKind.COSINE, 1500, new FaultPlan(Fault.Kind.RESTART, 0.6)),
                past("40M-d40", 40e6, 40, ScheduleKind.WSD, 1600),
                past("80M-d5", 80e6, 5, ScheduleKind.WSD, 1500),
                past("80M-d20", 80e6, 20, ScheduleKind.COSINE, 1700, new FaultPlan(Fault.Kind.SPIKE, 0.5)),
                past("160M-d10", 160e6, 10, ScheduleKind.COSINE, 1800),
                live("160M-d40", 160e6, 40, ScheduleKind.WSD, 2000, 0, new FaultPlan(Fault.Kind.SPIKE, 0.45)),
                live("320M-d20", 320e6, 20, ScheduleKind.COSINE, 2200, 0, new FaultPlan(Fault.Kind.NAN, 0.4)),
                live("320M-hot", 320e6, 20, ScheduleKind.COSINE, 2200, 15, new FaultPlan(Fault.Kind.DIVERGENCE, 0.5)),
                live("640M-d10", 640e6, 10, ScheduleKind.WSD, 2600, 5, new FaultPlan(Fault.Kind.STALL, 0.55)),
                live("640M-d40", 640e6, 40, ScheduleKind.COSINE, 3200, 5, new FaultPlan(Fault.Kind.RESTART, 0.5)),
                live("1300M-d20", 1.3e9, 20, ScheduleKind.COSINE, 4000, 10),
                constant("40M-flat", 40e6, 1500, HISTORY),
                constant("160M-flat", 160e6, 2000, Duration.ofMinutes(20)));
    }

    private static RunPlan past(
            String name, double params, double ratio, ScheduleKind kind, int observations, FaultPlan... faults) {
        return new RunPlan(STUDY, name, params, ratio, kind, observations, HISTORY, 4, List.of(faults));
    }

    private static RunPlan live(
            String name,
            double params,
            double ratio,
            ScheduleKind kind,
            int observations,
            int startMinute,
            FaultPlan... faults) {
        Duration starts = Duration.ofMinutes(startMinute);
        return new RunPlan(STUDY, name, params, ratio, kind, observations, starts, 4, List.of(faults));
    }

    private static RunPlan constant(String name, double params, int observations, Duration starts) {
        return new RunPlan(CONSTANT_STUDY, name, params, 20, ScheduleKind.CONSTANT, observations, starts, 4, List.of());
    }
}
