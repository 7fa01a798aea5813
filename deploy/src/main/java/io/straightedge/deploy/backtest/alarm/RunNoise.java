package io.straightedge.deploy.backtest.alarm;

import java.util.Arrays;

/** How noisy a run's losses are. */
enum RunNoise {
    /** Runs that log the mean over a large batch. */
    LOW("sigma up to .06"),
    /** Runs that log what one rank, or a small batch, saw. */
    HIGH("sigma above .06");

    private static final double LOW_UP_TO = .06;

    /** Of the standard deviation of second differences of white noise over that of the noise. */
    private static final double SECOND_DIFFERENCES = Math.sqrt(6);

    private static final double MAD_TO_SD = 1.4826;

    private final String label;

    RunNoise(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static RunNoise of(LoggedRun run) {
        return sigma(run) <= LOW_UP_TO ? LOW : HIGH;
    }

    /** The standard deviation of one observation: from the median size of second differences, over the last 70 %. */
    static double sigma(LoggedRun run) {
        int from = Math.max(2, (int) (.3 * run.size()));
        double[] sizes = new double[Math.max(0, run.size() - from)];
        int n = 0;
        for (int i = from; i < run.size(); i++) {
            double size = Math.abs(run.loss(i) - 2 * run.loss(i - 1) + run.loss(i - 2));
            if (Double.isFinite(size)) {
                sizes[n++] = size;
            }
        }
        Arrays.sort(sizes, 0, n);
        return n == 0 ? Double.NaN : MAD_TO_SD * sizes[n / 2] / SECOND_DIFFERENCES;
    }
}
