package io.straightedge.protocol.law;

import java.util.function.DoubleUnaryOperator;

/**
 * Roots and minima of a function of one positive variable, searched along its logarithm.
 *
 * <p>{@link #root} bisects ln x until no number lies between its ends: x to about 4e-15, some 55 evaluations.
 * {@link #minimum} looks at 65 points and narrows the best cell by the golden section; as a minimum is flat, x comes to
 * about 1e-8 and the value to rounding; some 110 evaluations. Neither gives NaN for ends that are positive and finite.
 */
final class LogLine {

    private static final int CELLS = 64;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final double NARROW = 1e-9;

    private LogLine() {}

    /**
     * Where {@code f} turns positive between {@code low} and {@code high}, f(low) &lt;= 0 &lt; f(high); one such place
     * when there are several; the end that is nearest when there is none. NaN counts as not positive.
     */
    static double root(DoubleUnaryOperator f, double low, double high) {
        double left = Math.log(low);
        double right = Math.log(high);
        while (true) {
            double middle = left + (right - left) / 2;
            if (!(middle > left && middle < right)) {
                return Math.exp(middle);
            }
            if (f.applyAsDouble(Math.exp(middle)) > 0) {
                right = middle;
            } else {
                left = middle;
            }
        }
    }

    /** The x in [low, high] where {@code f} is least; infinite values are never chosen over finite ones. */
    static double minimum(DoubleUnaryOperator f, double low, double high) {
        double start = Math.log(low);
        double step = (Math.log(high) - start) / CELLS;
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= CELLS; i++) {
            double value = f.applyAsDouble(Math.exp(start + i * step));
            if (value < least) {
                least = value;
                best = i;
            }
        }
        return golden(f, start + Math.max(0, best - 1) * step, start + Math.min(CELLS, best + 1) * step);
    }

    private static double golden(DoubleUnaryOperator f, double left, double right) {
        double a = left;
        double b = right;
        double c = b - GOLDEN * (b - a);
        double d = a + GOLDEN * (b - a);
        double atC = f.applyAsDouble(Math.exp(c));
        double atD = f.applyAsDouble(Math.exp(d));
        while (b - a > NARROW) {
            if (atC < atD) {
                b = d;
                d = c;
                atD = atC;
                c = b - GOLDEN * (b - a);
                atC = f.applyAsDouble(Math.exp(c));
            } else {
                a = c;
                c = d;
                atC = atD;
                d = a + GOLDEN * (b - a);
                atD = f.applyAsDouble(Math.exp(d));
            }
        }
        return Math.exp((a + b) / 2);
    }
}
