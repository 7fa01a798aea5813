package io.straightedge.fitter.interval;

/**
 * By what a forecast's scale is multiplied to give its 50, 80 and 95 % intervals at fraction f of the run.
 *
 * <p>q(f) is linear in ln f between the fractions at which it was measured and held outside; the 50 % factor is the 80 %
 * one times the ratio of their normal quantiles. Shipped values: leave-one-source-out split-conformal on 359 curves of nine
 * sources, at 10, 20, 30, 50, 70, 90 %. O(1), immutable.
 */
public final class ConformalFactors {

    /** Measured on nine sources, for use before a study has finished runs of its own. */
    public static final ConformalFactors SHIPPED = new ConformalFactors(
            new double[] {0.1, 0.2, 0.3, 0.5, 0.7, 0.9},
            new double[] {1.27, 1.01, 0.88, 0.80, 0.92, 1.31},
            new double[] {3.93, 2.11, 1.72, 1.52, 2.34, 2.97});

    private static final double FROM_80_TO_50 = StandardNormal.central(0.5) / StandardNormal.central(0.8);

    private final double[] logFraction;
    private final double[] factor80;
    private final double[] factor95;

    private ConformalFactors(double[] fraction, double[] factor80, double[] factor95) {
        this.logFraction = new double[fraction.length];
        for (int i = 0; i < fraction.length; i++) {
            logFraction[i] = Math.log(fraction[i]);
        }
        this.factor80 = factor80;
        this.factor95 = factor95;
    }

    /** Factor of the 50 % interval. */
    public double at50(double fraction) {
        return FROM_80_TO_50 * at80(fraction);
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
        int last = logFraction.length - 1;
        double x = Math.log(Math.max(fraction, Double.MIN_NORMAL));
        if (x <= logFraction[0]) {
            return factor[0];
        }
        if (x >= logFraction[last]) {
            return factor[last];
        }
        int high = 1;
        while (logFraction[high] < x) {
            high++;
        }
        double part = (x - logFraction[high - 1]) / (logFraction[high] - logFraction[high - 1]);
        return factor[high - 1] + part * (factor[high] - factor[high - 1]);
    }
}
