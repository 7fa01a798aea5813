package io.straightedge.fitter.history;

/**
 * Forecasts averaged by their precisions: m = sum w_i m_i / sum w_i, w = 1/S^2, and S^2 = 1/sum w_i + sum w_i (m_i -
 * m)^2 / sum w_i, so that disagreement widens. Mutable, one thread.
 */
final class Stack {

    private double weights;
    private double sum;
    private double squares;

    void add(double mean, double scale) {
        double weight = 1 / (scale * scale);
        weights += weight;
        sum += weight * mean;
        squares += weight * mean * mean;
    }

    double mean() {
        return sum / weights;
    }

    double scale() {
        double mean = mean();
        return Math.sqrt(1 / weights + Math.max(0, squares / weights - mean * mean));
    }
}
