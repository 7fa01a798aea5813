package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keeps the foot and the tail of a rise out of the curve.
 *
 * <p>A rise is found when it is high: of the {@value #FOOT} observations before, those above the old level, and the
 * open bin's mean, by more than max({@value #LEAST_NATS} nats, 4 sigma) are taken out of the open bin again. It is over
 * when a quarter of it is left: what follows stays out until it is back within the same margin of the old level, or for
 * as many observations as it was up, at most {@value #LONGEST_TAIL}: then the level has changed.
 */
final class SpikeEdges {

    static final int FOOT = 3;
    static final double LEAST_NATS = .05;
    static final int LONGEST_TAIL = 50;

    private static final double NOISES = 4;

    // The last observations that entered the curve, the newest first; step -1 is none.
    private final long[] step = {-1, -1, -1};
    private final double[] loss = new double[FOOT];
    private double level = Double.NaN;
    private int risenFor;
    private int tail;

    /** An observation has entered the curve. */
    void entered(long atStep, double atLoss) {
        for (int i = FOOT - 1; i > 0; i--) {
            step[i] = step[i - 1];
            loss[i] = loss[i - 1];
        }
        step[0] = atStep;
        loss[0] = atLoss;
    }

    /** A rise from {@code oldLevel} was found: takes its foot out of the last bin. */
    void began(double oldLevel, double sigma, LogBins bins) {
        level = bins.size() > 0 ? Math.min(oldLevel, bins.mean(bins.size() - 1)) : oldLevel;
        risenFor = 1;
        tail = 0;
        cut(level, sigma, bins);
    }

    /** Takes what came last and lies above {@code from} by more than the margin out of the last bin. */
    void cut(double from, double sigma, LogBins bins) {
        for (int i = 0; i < FOOT && step[i] >= 0 && loss[i] > from + margin(sigma); i++) {
            if (!bins.remove(step[i], loss[i])) {
                break;
            }
        }
        Arrays.fill(step, -1);
    }

    /** Still up. */
    void risen() {
        risenFor++;
    }

    /** The rise is over, as its rule says. */
    void ended() {
        tail = Math.min(LONGEST_TAIL, risenFor);
    }

    /** Whether a loss that is not up belongs to the curve. */
    boolean admits(double atLoss, double sigma) {
        if (tail == 0) {
            return true;
        }
        tail = atLoss <= level + margin(sigma) ? 0 : tail - 1;
        return tail == 0;
    }

    /** Whether the tail of a rise goes on. */
    boolean inTail() {
        return tail > 0;
    }

    /** What came before has no part in what follows: the run went back, or its level was accepted. */
    void forget() {
        Arrays.fill(step, -1);
        tail = 0;
    }

    void save(ByteBuffer out) {
        for (int i = 0; i < FOOT; i++) {
            Varint.put(out, step[i] + 1);
            out.putDouble(loss[i]);
        }
        out.putDouble(level).putInt(risenFor).putInt(tail);
    }

    void load(ByteBuffer in) {
        for (int i = 0; i < FOOT; i++) {
            step[i] = Varint.take(in) - 1;
            loss[i] = in.getDouble();
        }
        level = in.getDouble();
        risenFor = in.getInt();
        tail = in.getInt();
    }

    private static double margin(double sigma) {
        return sigma > 0 ? Math.max(LEAST_NATS, NOISES * sigma) : LEAST_NATS;
    }
}
