package io.straightedge.fitter.curve;

/**
 * Standard deviation of one observation about its curve, online.
 *
 * <p>sigma = 1.2533 EWMA(|d_k|), d_k = (y_k - y_(k-1) - r (y_(k-1) - y_(k-2))) / sqrt(1 + (1 + r)^2 + r^2), r the
 * distance in steps to the last observation over the one before: this second difference removes level and slope however
 * the steps are spaced, and has variance sigma^2 for white noise; for even steps it is (y_k - 2 y_(k-1) + y_(k-2)) /
 * sqrt(6). 1.2533 = sqrt(pi/2) turns a mean absolute value into a standard deviation. A step that goes back begins
 * anew. The memory grows with the run, clip(0.2 k, 100, 1000) observations, since noise falls over a run; until then it
 * is the plain mean. A difference enters at no more than four sigma, so that an outlier batch moves sigma by at most 4
 * %. O(1), six doubles of state. Mutable, not thread-safe.
 */
public final class NoiseScale {

    private static final double TO_SIGMA = Math.sqrt(Math.PI / 2);
    private static final double CLIP = 4;
    /** Differences taken before any is clipped: less says nothing of the scale. */
    private static final int SETTLED = 8;

    private double count;
    private double last;
    private double beforeLast;
    private double sigma;
    private double lastStep = -1;
    /** Distance in steps between the last two; 0 when only one has come since the beginning or a step back. */
    private double lastGap;

    /** Takes a finite loss one step after the last; others are left out. */
    public void add(double loss) {
        add(lastStep + 1, loss);
    }

    /** Takes a finite loss at a step; others are left out. */
    public void add(double step, double loss) {
        if (!Double.isFinite(loss)) {
            return;
        }
        double gap = count == 0 ? 0 : Math.max(0, step - lastStep);
        if (gap > 0 && lastGap > 0) {
            double differences = Math.max(1, count - 1);
            double ratio = gap / lastGap;
            double spread = Math.sqrt(1 + (1 + ratio) * (1 + ratio) + ratio * ratio);
            double value = TO_SIGMA * Math.abs(loss - last - ratio * (last - beforeLast)) / spread;
            if (differences > SETTLED && sigma > 0) {
                value = Math.min(value, CLIP * sigma);
            }
            double memory = Math.min(differences, Math.max(100, Math.min(0.2 * differences, 1000)));
            sigma += (value - sigma) / memory;
        }
        beforeLast = last;
        last = loss;
        lastStep = step;
        lastGap = gap;
        count++;
    }

    /** Sigma in nats per token; NaN before the fifth observation. */
    public double sigma() {
        return count < 5 ? Double.NaN : sigma;
    }

    /** Everything there is to remember; for {@link #restore}. */
    public double[] state() {
        return new double[] {count, last, beforeLast, sigma, lastStep, lastGap};
    }

    /** Puts a {@link #state} back. */
    public void restore(double[] state) {
        if (state.length != 6) {
            throw new IllegalArgumentException("a noise state has 6 numbers, not " + state.length);
        }
        count = state[0];
        last = state[1];
        beforeLast = state[2];
        sigma = state[3];
        lastStep = state[4];
        lastGap = state[5];
    }
}
