package io.straightedge.fitter.interval;

/**
 * By what a forecast's scale is multiplied to give its 50, 80 and 95 % intervals at fraction f of the run.
 *
 * <p>q(f) is linear in ln f between the fractions at which it was measured, 10, 20, 30, 50, 70 and 90 %, and held
 * outside. The shipped values are quantiles of |truth - mean| / scale over finished runs of several sources, each
 * source weighing the same; left-out sources were covered by 77 to 81 % at 80 % and 91 to 95 % at 95 %. O(1),
 * immutable.
 */
public final class ConformalFactors {

    private static final double[] FRACTIONS = {0.1, 0.2, 0.3, 0.5, 0.7, 0.9};

    /** The law alone, before a study has finished runs of its own: nine sources, some of them far from the others. */
    public static final ConformalFactors LAW = new ConformalFactors(
            new double[] {.537, .455, .487, .516, .479, .471},
            new double[] {1.088, 1.247, 1.338, 1.303, 1.116, 1.257},
            new double[] {3.638, 2.666, 2.530, 2.854, 2.766, 2.880});

    /** The law with a prior from the study's own finished runs: six sources. */
    public static final ConformalFactors FAMILY = new ConformalFactors(
            new double[] {.367, .312, .313, .389, .407, .493},
            new double[] {.729, .837, .822, .814, .888, .854},
            new double[] {1.838, 1.505, 1.395, 1.468, 1.343, 2.222});

    /** The law and donors with the same remaining schedule: six sources. */
    public static final ConformalFactors DONORS = new ConformalFactors(
            new double[] {.536, .466, .419, .375, .392, .488},
            new double[] {.904, .983, 1.021, .876, .875, .868},
            new double[] {1.304, 1.658, 1.767, 1.638, 1.489, 1.797});

    /** The law over several schedules, where none is known: six sources, those that it was made on. */
    public static final ConformalFactors UNSCHEDULED = new ConformalFactors(
            new double[] {.71, .71, .61, .54, .51, .46},
            new double[] {1.35, 1.35, 1.16, 1.03, .97, .88},
            new double[] {2.15, 2.15, 1.56, 1.55, 1.80, 1.99});

    /**
     * The law, donors and regressions on finished runs; rounded by hand over six back-tests of LossCast and three curve
     * sources, wider late in a run, where a new size is furthest from what the regression has seen.
     */
    public static final ConformalFactors REGRESSION = new ConformalFactors(
            new double[] {.6, .55, .55, .6, .7, .7},
            new double[] {1.1, 1, 1.1, 1.3, 1.5, 1.5},
            new double[] {2, 1.9, 2, 2.5, 3.3, 3.3});

    private static final double[] LOG_FRACTIONS = logarithms(FRACTIONS);

    private final double[] factor50;
    private final double[] factor80;
    private final double[] factor95;

    private ConformalFactors(double[] factor50, double[] factor80, double[] factor95) {
        this.factor50 = factor50;
        this.factor80 = factor80;
        this.factor95 = factor95;
    }

    /** All three at once. */
    public IntervalFactors at(double fraction) {
        return new IntervalFactors(at50(fraction), at80(fraction), at95(fraction));
    }

    /** Factor of the 50 % interval. */
    public double at50(double fraction) {
        return at(factor50, fraction);
    }

    /** Factor of the 80 % interval. */
    public double at80(double fraction) {
        return at(factor80, fraction);
    }

    /** Factor of the 95 % interval. */
    public double at95(double fraction) {
        return at(factor95, fraction);
    }

    private double at(double[] factor, double fraction) {
        int last = LOG_FRACTIONS.length - 1;
        double x = Math.log(Math.max(fraction, Double.MIN_NORMAL));
        if (x <= LOG_FRACTIONS[0]) {
            return factor[0];
        }
        if (x >= LOG_FRACTIONS[last]) {
            return factor[last];
        }
        int high = 1;
        while (LOG_FRACTIONS[high] < x) {
            high++;
        }
        double part = (x - LOG_FRACTIONS[high - 1]) / (LOG_FRACTIONS[high] - LOG_FRACTIONS[high - 1]);
        return factor[high - 1] + part * (factor[high] - factor[high - 1]);
    }

    private static double[] logarithms(double[] values) {
        double[] logs = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            logs[i] = Math.log(values[i]);
        }
        return logs;
    }
}
