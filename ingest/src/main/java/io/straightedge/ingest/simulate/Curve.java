package io.straightedge.ingest.simulate;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;

/**
 * The noise-free loss of a run at each step.
 *
 * <p>L(k) = F (1 + 0.12 (S(k)^-0.46 - 1) - 0.055 (Q(k) - Q(T))), at most ln 50304 = 10.83. F final loss; S(k) the
 * learning-rate integral up to step k over that of the whole run; Q(k) = sum over falls of the relative learning rate,
 * each phased in with time constant 100 steps; T the last step. L(T) = F exactly. An un-decayed run lacks the anneal:
 * its F is the law's loss times {@link #UNDECAYED_FACTOR}. O(T) to build, O(1) a step.
 *
 * @see "Tissue et al. 2024, arXiv 2408.11029, for the form; the constants are typical of public runs"
 */
final class Curve {

    /** Final loss of a constant schedule over that of a decayed one, all else equal. */
    static final double UNDECAYED_FACTOR = 1.055;

    private static final double FALL = 0.12;
    private static final double ALPHA = 0.46;
    private static final double ANNEAL = UNDECAYED_FACTOR - 1;
    private static final double MEMORY = 0.99;
    private static final double UNIFORM_LOSS = Math.log(50_304);
    private static final double WARMUP_FRACTION = 0.02;
    private static final double DECAY_START = 0.8;

    private final ScheduleKind kind;
    private final long steps;
    private final long warmup;
    private final long decayStart;
    private final double peak;
    private final double[] loss;

    Curve(ScheduleKind kind, long steps, double peak, double finalLoss) {
        this.kind = kind;
        this.steps = steps;
        this.peak = peak;
        this.warmup = Math.round(WARMUP_FRACTION * steps);
        this.decayStart = Math.round(DECAY_START * steps);
        this.loss = losses(finalLoss);
    }

    /** Nats per token at step {@code 1..T}. */
    double loss(long step) {
        return loss[(int) step];
    }

    /** Learning rate at a step. */
    double lr(long step) {
        return peak * relative(step);
    }

    /** The schedule as the job announces it. */
    Schedule schedule() {
        return switch (kind) {
            case CONSTANT -> Schedule.of(kind, warmup, peak);
            case WSD -> new Schedule(kind, warmup, peak, 0.0, decayStart, DecayShape.LINEAR, List.of());
            default -> new Schedule(kind, warmup, peak, 0.0, null, null, List.of());
        };
    }

    private double relative(long step) {
        if (step < warmup) {
            return step / (double) warmup;
        }
        return switch (kind) {
            case CONSTANT -> 1;
            case WSD -> step <= decayStart ? 1 : (steps - step) / (double) (steps - decayStart);
            default -> 0.5 * (1 + Math.cos(Math.PI * (step - warmup) / (steps - warmup)));
        };
    }

    private double[] losses(double finalLoss) {
        int last = (int) steps;
        double[] integral = new double[last + 1];
        double[] annealed = new double[last + 1];
        double fallen = 0;
        double pending = 0;
        for (int k = 1; k <= last; k++) {
            integral[k] = integral[k - 1] + relative(k);
            double fall = Math.max(0, relative(k - 1) - relative(k));
            fallen += fall;
            pending = MEMORY * (pending + fall);
            annealed[k] = fallen - pending;
        }
        double[] losses = new double[last + 1];
        losses[0] = UNIFORM_LOSS;
        for (int k = 1; k <= last; k++) {
            double power = Math.pow(integral[k] / integral[last], -ALPHA) - 1;
            double curve = finalLoss * (1 + FALL * power - ANNEAL * (annealed[k] - annealed[last]));
            losses[k] = Math.min(UNIFORM_LOSS, curve);
        }
        return losses;
    }
}
