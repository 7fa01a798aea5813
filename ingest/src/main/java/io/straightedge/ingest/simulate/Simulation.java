package io.straightedge.ingest.simulate;

import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A ladder of simulated training runs whose law and faults are known.
 *
 * <p>Each run ends at the law's loss of its N and D, times one plus a seed's luck of 0.05 %; on the way it follows a
 * learning curve of the usual form with heavy-tailed noise. The same seed gives the same events, byte for byte.
 */
public final class Simulation {

    /** Steps from one logged loss to the next. */
    public static final int LOG_EVERY = 5;

    /** Relative standard deviation of a final loss from seed to seed. */
    static final double SEED_NOISE = 5e-4;

    /** Where the timeline's zero lies; fixed, as simulated events must not depend on a clock. */
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private static final List<Double> BUDGETS_FLOPS = List.of(1e20, 1e21);

    private final List<RunPlan> plans;
    private final Truth truth;

    private Simulation(List<RunPlan> plans, Truth truth) {
        this.plans = plans;
        this.truth = truth;
    }

    /** The demonstration's ladder. */
    public static Simulation ladder(long seed) {
        List<RunPlan> plans = Ladder.runs();
        List<RunTruth> runs = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        SplittableRandom luck = new SplittableRandom(seed);
        for (RunPlan plan : plans) {
            double law = plan.lawLoss(plan.study().equals(Ladder.STUDY) ? Ladder.LAW : Ladder.CONSTANT_LAW);
            double end = law * (1 + SEED_NOISE * luck.nextGaussian());
            boolean live = !plan.starts().isNegative();
            runs.add(new RunTruth(
                    plan.study(),
                    plan.name(),
                    plan.params(),
                    plan.tokens(),
                    plan.steps(),
                    plan.schedule(),
                    law,
                    end,
                    live,
                    !plan.diverges()));
            faults.addAll(new Faults(plan).truth());
        }
        return new Simulation(plans, new Truth(seed, Ladder.laws(), runs, faults));
    }

    /** What is true. */
    public Truth truth() {
        return truth;
    }

    /** How many events there are. */
    public long total() {
        long total = 2;
        for (RunPlan plan : plans) {
            Faults faults = new Faults(plan);
            long losses = 0;
            for (int i = 1; i <= plan.observations(); i++) {
                losses++;
                if (faults.restartsAfter(i)) {
                    losses += Faults.RESTART_OBSERVATIONS;
                }
                if (faults.diesAfter(i)) {
                    break;
                }
            }
            total += losses + 2;
        }
        return total;
    }

    /** The events in order of time, made as they are asked for; each walk gives the same ones. */
    public Iterable<TimedEvent> events() {
        return Merge::new;
    }

    private static StudyDefinition definition(String study) {
        return new StudyDefinition(
                study,
                ParameterCount.TOTAL,
                LossUnit.NATS,
                null,
                LossObservation.TRAIN,
                study.equals(Ladder.CONSTANT_STUDY),
                BUDGETS_FLOPS,
                StudyClock.EVENT,
                null,
                Map.of("source", "simulation"));
    }

    /** Runs side by side, the earliest event first; runs of the same moment in the ladder's order. */
    private final class Merge implements Iterator<TimedEvent> {

        private record Head(int place, TimedEvent event, Iterator<TimedEvent> rest) {}

        private final PriorityQueue<Head> heads = new PriorityQueue<>(
                Comparator.<Head, Duration>comparing(head -> head.event().at()).thenComparingInt(Head::place));

        Merge() {
            Duration first = plans.stream()
                    .map(RunPlan::starts)
                    .min(Comparator.naturalOrder())
                    .orElse(Duration.ZERO);
            add(
                    -1,
                    List.of(
                                    new TimedEvent(first, definition(Ladder.STUDY)),
                                    new TimedEvent(first, definition(Ladder.CONSTANT_STUDY)))
                            .iterator());
            SplittableRandom noise = new SplittableRandom(truth.seed());
            for (int i = 0; i < plans.size(); i++) {
                RunPlan plan = plans.get(i);
                // Split: streams seeded by multiples of its step are one stream, shifted.
                add(i, new RunEvents(plan, truth.runs().get(i), new Faults(plan), EPOCH, noise.split()));
            }
        }

        @Override
        public boolean hasNext() {
            return !heads.isEmpty();
        }

        @Override
        public TimedEvent next() {
            Head head = heads.remove();
            add(head.place(), head.rest());
            return head.event();
        }

        private void add(int place, Iterator<TimedEvent> events) {
            if (events.hasNext()) {
                heads.add(new Head(place, events.next(), events));
            }
        }
    }
}
