package io.straightedge.fitter.curve;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Learning rates that a run has had so far: a few points, linear in between. Immutable. */
public final class LrSeen {

    /** Nothing seen. */
    public static final LrSeen NONE = new LrSeen(new double[0], new double[0], false, 0);

    private final double[] step;
    private final double[] lr;
    private final boolean logged;

    /** Observations that the last stretch, from the last point but one on, stands for. */
    private final int inLast;

    private final double peak;

    /** Takes over arrays of rising whole steps and their rates in single precision; at most 127. */
    LrSeen(double[] step, double[] lr, boolean logged, int inLast) {
        this.step = step;
        this.lr = lr;
        this.logged = logged;
        this.inLast = inLast;
        this.peak = Arrays.stream(lr).max().orElse(0);
    }

    /** Whether there is nothing, or only zeros. */
    public boolean isEmpty() {
        return peak <= 0;
    }

    /** Whether the job logged them; else they are those of an earlier plan. */
    boolean logged() {
        return logged;
    }

    /** Observations that the last stretch, from the last point but one on, stands for. */
    int inLast() {
        return inLast;
    }

    int size() {
        return step.length;
    }

    double step(int i) {
        return step[i];
    }

    double lr(int i) {
        return lr[i];
    }

    /** Last step. */
    double end() {
        return step.length == 0 ? -1 : step[step.length - 1];
    }

    /** The highest rate. */
    double peak() {
        return peak;
    }

    /** The rate at a step: held after the last point; before the first on the line through the first two if it rises. */
    double at(double k) {
        if (k < step[0] && step.length > 1 && lr[1] > lr[0]) {
            return Math.max(0, lr[0] - (lr[1] - lr[0]) / (step[1] - step[0]) * (step[0] - k));
        }
        return Knots.between(step, lr, step.length, k);
    }

    /** For {@link #load}: about 8 bytes a point. */
    public byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(6 + 14 * step.length);
        out.put((byte) step.length).put((byte) (logged ? 1 : 0)).putInt(inLast);
        for (int i = 0; i < step.length; i++) {
            Varint.put(out, (long) step[i]);
            out.putFloat((float) lr[i]);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** What {@link #save} wrote. */
    public static LrSeen load(ByteBuffer in) {
        int n = in.get();
        boolean logged = in.get() != 0;
        int inLast = in.getInt();
        double[] step = new double[n];
        double[] lr = new double[n];
        for (int i = 0; i < n; i++) {
            step[i] = (double) Varint.take(in);
            lr[i] = in.getFloat();
        }
        return new LrSeen(step, lr, logged, inLast);
    }
}
