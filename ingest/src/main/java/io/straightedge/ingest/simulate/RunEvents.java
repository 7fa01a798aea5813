package io.straightedge.ingest.simulate;

import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossReduction;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/** The events of one run, drawn one at a time: manifest, losses with their faults, end. */
final class RunEvents implements Iterator<TimedEvent> {

    /** Height of a spike in nats and how fast it falls, a factor an observation. */
    private static final double SPIKE_NATS = 1.2;

    private static final double SPIKE_FALL = 0.6;

    private static final double NORMAL_GRAD_NORM = 0.35;
    private static final double DIVERGED_LOSS = 9.5;

    private enum Phase {
        MANIFEST,
        LOSSES,
        END,
        DONE
    }

    private final RunPlan plan;
    private final RunTruth truth;
    private final Faults faults;
    private final Curve curve;
    private final Instant epoch;
    private final SplittableRandom random;
    private final double sigma;

    private Phase phase = Phase.MANIFEST;
    private Duration now;
    private int observation = 1;
    private boolean restarted;
    private long nanIterations;

    RunEvents(RunPlan plan, RunTruth truth, Faults faults, Instant epoch, SplittableRandom random) {
        this.plan = plan;
        this.truth = truth;
        this.faults = faults;
        this.curve = new Curve(plan.schedule(), plan.steps(), plan.peakLr(), truth.finalLoss());
        this.epoch = epoch;
        this.random = random;
        this.sigma = Noise.sigma(plan.tokensPerStep());
        this.now = plan.starts();
    }

    @Override
    public boolean hasNext() {
        return phase != Phase.DONE;
    }

    @Override
    public TimedEvent next() {
        // Making the event moves the time on.
        TrainingEvent event = switch (phase) {
            case MANIFEST -> manifest();
            case LOSSES -> loss();
            case END -> end();
            case DONE -> throw new NoSuchElementException("the run has ended");
        };
        return new TimedEvent(now, event);
    }

    private TrainingEvent manifest() {
        phase = Phase.LOSSES;
        return new RunManifest(
                plan.study(),
                plan.name(),
                plan.params(),
                ParameterCount.TOTAL,
                null,
                plan.steps(),
                plan.tokensPerStep(),
                curve.schedule(),
                null,
                2048,
                50_304,
                LossReduction.GLOBAL,
                null,
                null,
                Map.of(),
                List.of(),
                null,
                Map.of("source", "simulation"),
                Map.of());
    }

    private TrainingEvent loss() {
        long step = (long) observation * Simulation.LOG_EVERY;
        now = now.plusMillis(Math.round(plan.secondsPerStep() * Simulation.LOG_EVERY * 1000));
        if (faults.stallsAt(observation)) {
            now = now.plus(Faults.STALL);
        }
        TrainingEvent event = observation(step);
        advance();
        return event;
    }

    private LossObservation observation(long step) {
        double clean = curve.loss(step);
        double loss = clean + sigma * Noise.standard(random);
        double gradNorm = NORMAL_GRAD_NORM * Math.exp(0.15 * random.nextGaussian());
        int sinceSpike = faults.since(Fault.Kind.SPIKE, observation);
        if (sinceSpike >= 0 && sinceSpike < Faults.SPIKE_OBSERVATIONS) {
            double height = SPIKE_NATS * Math.pow(SPIKE_FALL, sinceSpike);
            loss += height;
            gradNorm *= 1 + 10 * height;
        }
        int sinceDivergence = faults.since(Fault.Kind.DIVERGENCE, observation);
        if (sinceDivergence >= 0) {
            double gone = -Math.expm1(-(sinceDivergence + 1) / 25.0);
            loss += gone * (DIVERGED_LOSS - clean);
            gradNorm *= 1 + 20 * gone;
        }
        int sinceNan = faults.since(Fault.Kind.NAN, observation);
        if (sinceNan >= 0 && sinceNan < Faults.NAN_OBSERVATIONS) {
            nanIterations++;
            loss = Double.NaN;
            gradNorm = Double.NaN;
        }
        return new LossObservation(
                plan.study(),
                plan.name(),
                step,
                step * plan.tokensPerStep(),
                loss,
                LossObservation.TRAIN,
                curve.lr(step),
                gradNorm,
                nanIterations,
                epoch.plus(now),
                null);
    }

    private void advance() {
        if (faults.diesAfter(observation) || observation == plan.observations()) {
            phase = Phase.END;
        } else if (!restarted && faults.restartsAfter(observation)) {
            restarted = true;
            observation -= Faults.RESTART_OBSERVATIONS - 1;
        } else {
            observation++;
        }
    }

    private TrainingEvent end() {
        phase = Phase.DONE;
        return truth.finishes()
                ? new RunEnd(plan.study(), plan.name(), Outcome.FINISHED, truth.finalLoss(), epoch.plus(now))
                : new RunEnd(plan.study(), plan.name(), Outcome.KILLED, null, epoch.plus(now));
    }
}
