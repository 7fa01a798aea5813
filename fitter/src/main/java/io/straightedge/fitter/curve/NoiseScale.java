package io.straightedge.fitter.curve;

/**
 * Standard deviation of one observation about its curve, online.
 *
 * <p>sigma = 1.2533 EWMA(|y_k - 2 y_(k-1) + y_(k-2)|) / sqrt(6): a second difference removes level and slope and has
 * variance 6 sigma^2 for white noise; 1.2533 = sqrt(pi/2) turns a mean absolute value into a standard deviation. The memory
 * grows with the run, clip(0.2 k, 100, 1000) observations, since noise falls over a run; until then it is the plain mean.
 * A difference enters at no more than four sigma, so that an outlier batch moves sigma by at most 4 %. O(1), four doubles
 * of state. Mutable, not thread-safe.
 */
public final class NoiseScale {

    private static final double TO_SIGMA = Math.sqrt(Math.PI / 2) / Math.sqrt(6);
    private static final double CLIP = 4;
    /** Differences taken before any is clipped: less says nothing of the scale. */
    private static final int SETTLED = 8;

    private double count;
    private double last;
    private double beforeLast;
    private double sigma;

    /** Takes a finite loss; others are left out. */
    public void add(double loss) {
        if (!Double.isFinite(loss)) {
            return;
        }
        if (count >= 2) {
            double differences = count - 1;
            double value = TO_SIGMA * Math.abs(loss - 2 * last + beforeLast);
            if (differences > SETTLED && sigma > 0) {
                value = Math.min(value, CLIP * sigma);
            }
            double memory = Math.min(differences, Math.max(100, Math.min(0.2 * differences, 1000)));
            sigma += (value - sigma) / memory;
        }
        beforeLast = last;
        last = loss;
        count++;
    }

    /** Sigma in nats per token; NaN before the fifth observation. */
    public double sigma() {
        return count < 5 ? Double.NaN : sigma;
    }

    /** Everything there is to remember; for {@link #restore}. */
    public double[] state() {
        return new double[] {count, last, beforeLast, sigma};
    }

    /** Puts a {@link #state} back. */
    public void restore(double[] state) {
        if (state.length != 4) {
            throw new IllegalArgumentException("a noise state has 4 numbers, not " + state.length);
        }
        count = state[0];
        last = state[1];
        beforeLast = state[2];
        sigma = state[3];
    }
}
