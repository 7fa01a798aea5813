package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;

/**
 * How far two runs share the noise of their losses.
 *
 * <p>correlation = c / sqrt(v w), beta = c / w; v, w and c are EWMAs of dy^2, dr^2 and dy dr with a memory of
 * {@value #WINDOW} observations, dy and dr the changes of the two losses from one shared observation to the next: what both
 * have in common because both fall is no noise. dr and the part of dy that dr does not explain are clipped at {@value #CLIP}
 * of their standard deviations. Nats per token. O(1). Not thread-safe.
 */
final class PairedNoise {

    static final int WINDOW = 200;
    static final double SHARED = .9;
    static final double CLIP = 4;

    /** Observations before anything is clipped. */
    private static final int UNCLIPPED = 50;

    /** Least part of dy's standard deviation that is left unexplained. */
    private static final double LEAST_OWN = 1e-3;

    private float own;
    private float reference;
    private float both;
    private int count;
    private double lastOwn = Double.NaN;
    private double lastReference = Double.NaN;

    /** Takes a shared observation. */
    void add(double loss, double ofReference) {
        double dy = loss - lastOwn;
        double dr = ofReference - lastReference;
        lastOwn = loss;
        lastReference = ofReference;
        if (Double.isNaN(dy)) {
            return;
        }
        if (count >= UNCLIPPED) {
            double beta = beta();
            double left = Math.sqrt(Math.max(own - beta * both, LEAST_OWN * LEAST_OWN * own));
            double unexplained = clip(dy - beta * dr, CLIP * left);
            dr = clip(dr, CLIP * Math.sqrt(reference));
            dy = beta * dr + unexplained;
        }
        count = Math.min(WINDOW, count + 1);
        own += (float) ((dy * dy - own) / count);
        reference += (float) ((dr * dr - reference) / count);
        both += (float) ((dy * dr - both) / count);
    }

    /** A shared observation that is not to be learnt from. */
    void pass(double loss, double ofReference) {
        lastOwn = loss;
        lastReference = ofReference;
    }

    /** By how much the run's noise follows the reference's. */
    double beta() {
        return reference > 0 ? both / reference : 1;
    }

    double correlation() {
        return own > 0 && reference > 0 ? both / Math.sqrt((double) own * reference) : 0;
    }

    /** Whether there is something to learn from: the noise is shared as far as is known. */
    boolean likely() {
        return count >= UNCLIPPED && correlation() > SHARED;
    }

    /** Whether the noise has been shared for long enough. */
    boolean shared() {
        return count >= WINDOW && correlation() > SHARED;
    }

    /** As in the beginning. */
    void reset() {
        own = reference = both = 0;
        count = 0;
        lastOwn = lastReference = Double.NaN;
    }

    void save(ByteBuffer out) {
        out.putFloat(own).putFloat(reference).putFloat(both);
        out.put((byte) count).putDouble(lastOwn).putDouble(lastReference);
    }

    void load(ByteBuffer in) {
        own = in.getFloat();
        reference = in.getFloat();
        both = in.getFloat();
        count = in.get() & 0xff;
        lastOwn = in.getDouble();
        lastReference = in.getDouble();
    }

    private static double clip(double value, double at) {
        return Math.max(-at, Math.min(at, value));
    }
}
