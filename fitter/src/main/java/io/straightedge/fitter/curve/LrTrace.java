package io.straightedge.fitter.curve;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The learning rates of a run as they come in, kept as at most {@value #MOST} of them, linear in between.
 *
 * <p>A point is dropped while the line from the last kept point to the newest passes all between within a tolerance
 * (swinging door: the cone of slopes that do so is all that is remembered of them). When there are too many, the one
 * goes that lies nearest the line of its neighbours, and the tolerance rises to that distance; it begins at {@value
 * #FIRST_TOLERANCE} of the peak. Corners and jumps stay, and every kept point is a rate that was seen. A cosine is
 * within .004 of its peak everywhere. Rates are kept in single precision, so that what is saved is what is remembered.
 * O(1) a rate, O({@value #MOST}) when one has to go. Not thread-safe.
 *
 * @see "Bristol 1990, Swinging door trending: adaptive trend recording, ISA National Conference"
 */
public final class LrTrace {

    static final int MOST = 24;

    private static final double FIRST_TOLERANCE = 5e-4;

    /** Rates of an earlier plan farther than this factor from the first logged one are in another unit. */
    private static final double SAME_UNIT = 5;

    private final double[] step = new double[MOST + 1];
    private final double[] lr = new double[MOST + 1];
    private int n;
    private boolean logged;
    private int inLast;
    private double tolerance = FIRST_TOLERANCE;
    private double peak;
    private double lowest = Double.NEGATIVE_INFINITY;
    private double highest = Double.POSITIVE_INFINITY;

    /**
     * Takes a logged rate; false when it was of no use: not finite, negative, or no later than the last.
     *
     * <p>After rates of an earlier plan, which may be in units of its peak, these are scaled to meet the first logged one
     * where they are far from it.
     */
    public boolean add(long at, double rate) {
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY) || (n > 0 && at <= step[n - 1])) {
            return false;
        }
        if (!logged && n > 0 && lr[n - 1] > 0 && rate > 0) {
            double factor = rate / lr[n - 1];
            if (factor > SAME_UNIT || factor < 1 / SAME_UNIT) {
                for (int i = 0; i < n; i++) {
                    lr[i] = (float) (lr[i] * factor);
                }
                peak *= factor;
                openCone();
            }
        }
        logged = true;
        put((double) at, rate);
        return true;
    }

    /** Replaces everything by the plan's rates up to {@code until}, in units where its peak is {@code peakLr}. */
    public void assume(LrPlan plan, long until, double peakLr) {
        clear();
        double[] knots = plan.knots();
        for (int i = 0; i < knots.length && knots[i] < until; i++) {
            put(knots[i], peakLr * plan.rate(knots[i]));
        }
        put((double) until, peakLr * plan.rate((double) until));
    }

    /** Forgets everything. */
    public void clear() {
        n = 0;
        inLast = 0;
        logged = false;
        peak = 0;
        tolerance = FIRST_TOLERANCE;
        openCone();
    }

    /** Forgets what came at {@code from} or later: the run has gone back there. */
    public void rewind(long from) {
        if (n == 0 || step[n - 1] < from) {
            return;
        }
        double before = from - 1.0;
        boolean within = step[0] < before;
        double rate = within ? Knots.between(step, lr, n, before) : 0;
        while (n > 0 && step[n - 1] >= (within ? before : from)) {
            n--;
        }
        if (within) {
            step[n] = before;
            lr[n++] = (float) rate;
        }
        peak = Arrays.stream(lr, 0, n).max().orElse(0);
        logged &= n > 0;
        inLast = Math.min(inLast, 1);
        openCone();
    }

    /** Whether the job logged any; else these are an earlier plan's. */
    public boolean logged() {
        return logged;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return n == 0;
    }

    /** As it stands. */
    public LrSeen seen() {
        return new LrSeen(Arrays.copyOf(step, n), Arrays.copyOf(lr, n), logged, inLast);
    }

    /** For {@link #load}: about 8 bytes a point. */
    public byte[] save() {
        byte[] points = seen().save();
        ByteBuffer out = ByteBuffer.allocate(3 * 8 + points.length);
        return out.putDouble(tolerance)
                .putDouble(lowest)
                .putDouble(highest)
                .put(points)
                .array();
    }

    /** Restores what {@link #save} wrote. */
    public void load(ByteBuffer in) {
        tolerance = in.getDouble();
        lowest = in.getDouble();
        highest = in.getDouble();
        LrSeen seen = LrSeen.load(in);
        n = seen.size();
        logged = seen.logged();
        inLast = seen.inLast();
        peak = seen.peak();
        for (int i = 0; i < n; i++) {
            step[i] = seen.step(i);
            lr[i] = seen.lr(i);
        }
    }

    private void put(double at, double exactRate) {
        double rate = (float) exactRate;
        peak = Math.max(peak, rate);
        if (n >= 2) {
            double slope = (rate - lr[n - 2]) / (at - step[n - 2]);
            if (slope >= lowest && slope <= highest) {
                n--;
            } else {
                inLast = 0;
                lowest = Double.NEGATIVE_INFINITY;
                highest = Double.POSITIVE_INFINITY;
            }
        }
        inLast++;
        step[n] = at;
        lr[n++] = rate;
        if (n >= 2) {
            narrowCone();
        }
        if (n > MOST) {
            removeOne();
        }
    }

    private void openCone() {
        lowest = Double.NEGATIVE_INFINITY;
        highest = Double.POSITIVE_INFINITY;
        if (n >= 2) {
            narrowCone();
        }
    }

    /** Lines from the last kept point must pass the newest within the tolerance. */
    private void narrowCone() {
        double steps = step[n - 1] - step[n - 2];
        double rise = lr[n - 1] - lr[n - 2];
        lowest = Math.max(lowest, (rise - tolerance * peak) / steps);
        highest = Math.min(highest, (rise + tolerance * peak) / steps);
    }

    /** Of the points but the first and the last two, which the cone is about. */
    private void removeOne() {
        int nearest = 1;
        double distance = Double.POSITIVE_INFINITY;
        for (int i = 1; i < n - 2; i++) {
            double x = (step[i] - step[i - 1]) / (step[i + 1] - step[i - 1]);
            double off = Math.abs(lr[i] - lr[i - 1] - x * (lr[i + 1] - lr[i - 1]));
            if (off < distance) {
                distance = off;
                nearest = i;
            }
        }
        System.arraycopy(step, nearest + 1, step, nearest, n - nearest - 1);
        System.arraycopy(lr, nearest + 1, lr, nearest, n - nearest - 1);
        n--;
        tolerance = peak > 0 ? Math.max(tolerance, distance / peak) : tolerance;
    }
}
