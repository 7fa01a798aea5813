package io.straightedge.fitter.detect;

import java.nio.ByteBuffer;

/**
 * Turns losses and their forecast into numbers that a healthy run keeps near a standard normal's middle.
 *
 * <p>e_k = y_k - f_k - b, z_k = (e_k - phi e_(k-1)) / (sigma sqrt(1 - phi^2)); y the loss, f its forecast, nats per token. b is
 * the bias, an EWMA of e clipped at {@value #BIAS_CLIP} sigma with memory clip(.1 k, 100, 2000) observations; sigma =
 * 1.2533 EWMA(|e| clipped at {@value #SCALE_CLIP} sigma), memory clip(.2 k, 100, 1000); phi = clip(c_1 / v, 0, .9), c_1
 * and v the EWMAs of e_k e_(k-1) and e_k^2 with the memory of sigma. Until a memory has filled, plain means. The tails of z
 * are far heavier than a normal's: its limits are {@link ShiftLimits}. O(1), five numbers. Not thread-safe.
 */
final class ResidualScale {

    static final double BIAS_CLIP = 2;
    static final double SCALE_CLIP = 4;

    /** Observations before the scale says anything. */
    static final int SETTLED = 100;

    private static final double MOVE = .5;
    private static final double TO_SIGMA = Math.sqrt(Math.PI / 2);
    private static final double MOST_CORRELATION = .9;
    /** Observations before anything is clipped. */
    private static final int UNCLIPPED = 20;

    private double bias;
    // Rounded as they are saved: a scale that was restored goes on as the lost one would have.
    private float sigma;
    private float variance;
    private float covariance;
    private float previous;
    private int count;

    /** e: the loss over forecast and bias, nats per token. */
    double residual(double loss, double forecast) {
        return loss - forecast - bias;
    }

    /** A residual clipped at {@value #SCALE_CLIP} sigma. */
    double clipped(double residual) {
        return clip(residual, SCALE_CLIP * sigma);
    }

    /** z of a residual. */
    double whiten(double residual) {
        double phi = phi();
        return (residual - phi * previous) / (sigma * Math.sqrt(1 - phi * phi));
    }

    /** Whether z means anything. */
    boolean settled() {
        return count >= SETTLED && sigma > 0;
    }

    /** Standard deviation of a residual, nats per token; 0 before the first. */
    double sigma() {
        return sigma;
    }

    /** What was taken for the forecast's error, nats per token. */
    double bias() {
        return bias;
    }

    /** A residual of a healthy run; the first one after {@link #accept} or {@link #reset} is taken for bias. */
    void learn(double residual, double pace) {
        if (count == 0) {
            bias += residual;
            previous = 0;
            count = 1;
            return;
        }
        boolean clips = count >= UNCLIPPED && sigma > 0;
        double forBias = clips ? clip(residual, BIAS_CLIP * sigma) : residual;
        double e = clips ? clip(residual, SCALE_CLIP * sigma) : residual;
        count = Math.min(count + 1, 1 << 20);
        bias += pace * forBias / memory(.1, 2000);
        double memory = memory(.2, 1000);
        sigma += (float) ((TO_SIGMA * Math.abs(e) - sigma) / memory);
        variance += (float) ((e * e - variance) / memory);
        covariance += (float) ((e * previous - covariance) / memory);
        previous = (float) e;
    }

    /** The residual of an observation that is not to be learnt from. */
    void pass(double residual) {
        previous = (float) clip(residual, SCALE_CLIP * sigma);
    }

    /**
     * A new fit has moved the forecast by {@code nats} at the present step. A small move is the forecast getting better; what
     * of it is more than {@value #MOVE} sigma is no news of the run, and the bias takes it in.
     */
    void moved(double nats) {
        bias -= nats - clip(nats, MOVE * sigma);
    }

    /** Takes the level of what follows for normal, and learns it anew. */
    void accept() {
        count = 0;
    }

    /** Learns bias and scale anew, from where they are. */
    void forget() {
        count = Math.min(count, UNCLIPPED);
        previous = 0;
    }

    /** As in the beginning. */
    void reset() {
        bias = 0;
        sigma = variance = covariance = previous = 0;
        count = 0;
    }

    void save(ByteBuffer out) {
        out.putDouble(bias).putFloat(sigma).putFloat(variance).putFloat(covariance);
        out.putFloat(previous).putInt(count);
    }

    void load(ByteBuffer in) {
        bias = in.getDouble();
        sigma = in.getFloat();
        variance = in.getFloat();
        covariance = in.getFloat();
        previous = in.getFloat();
        count = in.getInt();
    }

    private double phi() {
        return variance > 0 ? Math.max(0, Math.min(MOST_CORRELATION, covariance / variance)) : 0;
    }

    private double memory(double share, double most) {
        return Math.min(count, Math.max(100, Math.min(share * count, most)));
    }

    private static double clip(double value, double at) {
        return Math.max(-at, Math.min(at, value));
    }
}
