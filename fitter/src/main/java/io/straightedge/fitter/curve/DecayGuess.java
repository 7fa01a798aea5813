package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import org.jspecify.annotations.Nullable;

/**
 * A decay of one family, fitted by least squares to relative rates seen up to now.
 *
 * <p>Decays that end with the run are u(k) = 1 up to s and then {@link LearningRate#fallen} of x = (k-s)/(T-s), clamped
 * at 0: the least-squares f is closed for the shapes that are linear in it, and that of ln u for f^x. The inverse
 * square root is u = (1 + (k-s)/h)^-1/2, 1/h by least squares of u^-2. What f is like elsewhere counts as one more
 * observation, and where f is near a round number that fits as well, it is that. O(samples).
 */
final class DecayGuess implements RelativeRate {

    /** Accuracy with which rates are seen: the trace's tolerance, and digits lost in logs. */
    static final double ACCURACY = 1e-3;

    /** Final rates that people choose, the usual first: of a cosine, and of the others. */
    private static final double[] ROUND_COSINE = {.1, 0, .01, .05, .2, .02, .25, .3, .5};

    private static final double[] ROUND = {0, .1, .01, .05, .2, .02, .25, .3, .5};
    private static final double NEAR = .06;
    private static final double LEAST = 1e-4;

    /** What final rates are like: 1 - f ~ N(.93, .15^2), ln f ~ N(ln .07, 1.5^2). */
    private static final double FALL_MEAN = .93;

    private static final double FALL_SD = .15;
    private static final double LOG_MEAN = Math.log(.07);
    private static final double LOG_SD = 1.5;
    private static final double LEAST_SD = .01;
    private static final double BETWEEN = .05;

    /** Null is the inverse square root. */
    private final @Nullable DecayShape shape;

    private final double start;
    private final double level;
    private final double end;

    /** f; 1/h of an inverse square root. */
    private double parameter;

    private final int seen;
    private double parameterSd;
    private double misfit;

    /**
     * Fits {@code u} at the steps {@code t}, n of each; a start that is not before {@code end} fits nothing.
     *
     * @param level the peak, in the unit of {@code u}
     * @param seen how many of the first were seen; the others lie between, and count {@value #BETWEEN} of one
     */
    DecayGuess(@Nullable DecayShape shape, double start, double level, double end, double[] t, double[] u, int seen) {
        this.shape = shape;
        this.start = start;
        this.level = level;
        this.end = end;
        this.seen = seen;
        if (!(start < end)) {
            this.misfit = Double.POSITIVE_INFINITY;
            return;
        }
        double fitted = 0;
        double squares = 0;
        for (int i = 0; i < t.length; i++) {
            if (t[i] > start) {
                double x = Math.min(1, (t[i] - start) / (end - start));
                double regressor = regressor(x);
                double weight = weight(i);
                fitted += weight * regressor * regressand(Math.max(LEAST, u[i] / level));
                squares += weight * regressor * regressor;
            }
        }
        if (shape != null) {
            boolean logs = shape == DecayShape.EXPONENTIAL;
            double prior = ACCURACY * ACCURACY / (logs ? LOG_SD * LOG_SD : FALL_SD * FALL_SD);
            fitted += prior * (logs ? LOG_MEAN : FALL_MEAN);
            squares += prior;
        }
        this.parameter = parameter(squares > 0 ? fitted / squares : 0);
        this.misfit = misfit(t, u);
        double sd = squares > 0 ? Math.max(LEAST_SD, Math.max(ACCURACY, misfit) / Math.sqrt(squares)) : 1;
        this.parameterSd = shape == DecayShape.EXPONENTIAL ? parameter * Math.min(1, sd) : sd;
        if (shape != null) {
            round(t, u);
        }
    }

    private double weight(int i) {
        return i < seen ? 1 : BETWEEN;
    }

    private double regressor(double x) {
        if (shape == null || shape == DecayShape.EXPONENTIAL) {
            return x;
        }
        return 1 - LearningRate.fallen(shape, x, 0, 1);
    }

    private double regressand(double u) {
        if (shape == null) {
            return 1 / (u * u) - 1;
        }
        return shape == DecayShape.EXPONENTIAL ? Math.log(u) : 1 - u;
    }

    private double parameter(double slope) {
        if (shape == null) {
            return Math.max(0, slope);
        }
        if (shape == DecayShape.EXPONENTIAL) {
            return Math.min(1, Math.exp(slope));
        }
        // A line may reach zero before the end.
        return shape == DecayShape.LINEAR ? 1 - slope : Math.max(0, 1 - slope);
    }

    private void round(double[] t, double[] u) {
        double free = parameter;
        double freeMisfit = misfit;
        double reach = Math.max(NEAR, 3 * parameterSd);
        for (double candidate : shape == DecayShape.COSINE ? ROUND_COSINE : ROUND) {
            if (Math.abs(candidate - free) > reach) {
                continue;
            }
            parameter = candidate;
            misfit = misfit(t, u);
            if (misfit <= freeMisfit + ACCURACY) {
                return;
            }
        }
        parameter = free;
        misfit = freeMisfit;
    }

    private double misfit(double[] t, double[] u) {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < t.length; i++) {
            // A warm-up that still goes on there is not the decay's to fit.
            if (t[i] >= start || level <= 1) {
                double off = at(t[i]) - u[i];
                sum += weight(i) * off * off;
                total += weight(i);
            }
        }
        return total > 0 ? Math.sqrt(sum / total) : 0;
    }

    /** The rate at a step, in the unit that it was fitted in. */
    @Override
    public double at(double step) {
        return level * value(step, parameter);
    }

    private double value(double step, double with) {
        if (step <= start) {
            return 1;
        }
        double x = (step - start) / (end - start);
        if (shape == null) {
            return 1 / Math.sqrt(1 + with * x);
        }
        return Math.max(0, LearningRate.fallen(shape, Math.min(1, x), with, 1));
    }

    @Override
    public double[] breaks() {
        return new double[] {start, start, start, end};
    }

    /** Root mean square of what it leaves. */
    double misfit() {
        return misfit;
    }

    /** Log of how usual its end is, but for a constant. */
    double logUsual() {
        if (shape == null) {
            return 0;
        }
        double off = shape == DecayShape.EXPONENTIAL
                ? (Math.log(Math.max(LEAST, parameter)) - LOG_MEAN) / LOG_SD
                : (1 - parameter - FALL_MEAN) / FALL_SD;
        return -0.5 * off * off;
    }

    /** Step at which the decay begins. */
    double start() {
        return start;
    }

    /** What is left of the peak at the end. */
    double left() {
        return value(end, parameter);
    }

    /** 1 - sqrt(u) at the end. */
    double anneal() {
        return 1 - Math.sqrt(value(end, parameter));
    }

    /** How much its parameter's standard error moves {@link #anneal}. */
    double annealSd() {
        double more = Math.sqrt(value(end, Math.min(1e6, parameter + parameterSd)));
        double less = Math.sqrt(value(end, Math.max(0, parameter - parameterSd)));
        return Math.min(1, Math.abs(more - less) / 2);
    }

    /** Such as "a cosine". */
    String noun() {
        if (shape == null) {
            return "an inverse square root";
        }
        return switch (shape) {
            case LINEAR -> "a linear decay";
            case COSINE -> "a cosine";
            case ONE_MINUS_SQRT -> "a 1-sqrt decay";
            case EXPONENTIAL, MEGATRON_EXPONENTIAL -> "an exponential decay";
            case POLYNOMIAL -> "a polynomial decay";
        };
    }
}
