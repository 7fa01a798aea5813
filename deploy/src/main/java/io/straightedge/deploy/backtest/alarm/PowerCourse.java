package io.straightedge.deploy.backtest.alarm;

/**
 * E + A k^-a. E and A in nats per token, k the step.
 *
 * @param irreducible E
 * @param scale A
 * @param exponent a
 */
record PowerCourse(double irreducible, double scale, double exponent) {

    private static final int PLACES = 64;
    private static final double LEAST_EXPONENT = .05;
    private static final double MOST_EXPONENT = 1.5;
    private static final double EXPONENT_STEP = .025;

    /**
     * The least-squares fit to a trend at {@value #PLACES} places, evenly spaced in ln k: linear in E and A, the exponent
     * from a grid. A course that rises is fitted by its mean.
     */
    static PowerCourse through(Trend trend, long first, long last) {
        double[] steps = new double[PLACES];
        double[] levels = new double[PLACES];
        double mean = 0;
        for (int i = 0; i < PLACES; i++) {
            steps[i] = Math.max(1, first * Math.pow(last / (double) Math.max(1, first), i / (PLACES - 1.0)));
            levels[i] = trend.at(Math.round(steps[i]));
            mean += levels[i] / PLACES;
        }
        PowerCourse best = new PowerCourse(mean, 0, 1);
        double least = best.squares(steps, levels);
        for (double a = LEAST_EXPONENT; a <= MOST_EXPONENT; a += EXPONENT_STEP) {
            PowerCourse course = of(a, steps, levels);
            double squares = course.squares(steps, levels);
            if (course.scale > 0 && squares < least) {
                least = squares;
                best = course;
            }
        }
        return best;
    }

    private static PowerCourse of(double exponent, double[] steps, double[] levels) {
        double n = steps.length;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < steps.length; i++) {
            double power = Math.pow(steps[i], -exponent);
            x += power / n;
            y += levels[i] / n;
            xx += power * power / n;
            xy += power * levels[i] / n;
        }
        double scale = (xy - x * y) / (xx - x * x);
        return new PowerCourse(y - scale * x, scale, exponent);
    }

    private double squares(double[] steps, double[] levels) {
        double sum = 0;
        for (int i = 0; i < steps.length; i++) {
            double error = irreducible + scale * Math.pow(steps[i], -exponent) - levels[i];
            sum += error * error;
        }
        return sum;
    }

    double at(long step) {
        return irreducible + scale * Math.pow((double) Math.max(1, step), -exponent);
    }
}
