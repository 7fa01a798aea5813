package io.straightedge.deploy.backtest.alarm;

/** The latest losses that are numbers, at most so many. Not thread-safe. */
final class LossWindow {

    private final double[] losses;
    private int size;
    private int next;

    LossWindow(int most) {
        losses = new double[most];
    }

    /** Takes a loss in; one that is no number is passed over. */
    void add(double loss) {
        if (Double.isFinite(loss)) {
            losses[next] = loss;
            next = (next + 1) % losses.length;
            size = Math.min(size + 1, losses.length);
        }
    }

    int size() {
        return size;
    }

    boolean full() {
        return size == losses.length;
    }

    /** NaN when empty. */
    double mean() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += losses[i];
        }
        return sum / size;
    }

    /** Of the sample, with n - 1; NaN with fewer than two. */
    double sd() {
        double mean = mean();
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += (losses[i] - mean) * (losses[i] - mean);
        }
        return size < 2 ? Double.NaN : Math.sqrt(sum / (size - 1));
    }

    /** How many are above {@code level}. */
    int above(double level) {
        int n = 0;
        for (int i = 0; i < size; i++) {
            n += losses[i] > level ? 1 : 0;
        }
        return n;
    }
}
