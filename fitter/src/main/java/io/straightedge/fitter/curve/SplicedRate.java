package io.straightedge.fitter.curve;

/** u(k): the rates seen up to the last of them, then another rate, both over the higher of their peaks. O(log n). */
final class SplicedRate implements RelativeRate {

    private static final int LOOKED_AT = 256;

    private final LrSeen seen;
    private final RelativeRate rest;
    private final double factor;
    private final double peak;

    /** @param rest times {@code factor} in the unit of {@code seen} */
    SplicedRate(LrSeen seen, RelativeRate rest, double factor, double plannedSteps) {
        this.seen = seen;
        this.rest = rest;
        this.factor = factor;
        double highest = seen.peak();
        for (int i = 0; i <= LOOKED_AT && seen.end() < plannedSteps; i++) {
            double step = seen.end() + 1 + (plannedSteps - seen.end() - 1) * i / LOOKED_AT;
            highest = Math.max(highest, factor * rest.at(step));
        }
        this.peak = highest;
    }

    /** The rate that u = 1 is. */
    double peak() {
        return peak;
    }

    @Override
    public double at(double step) {
        double rate = step <= seen.end() ? seen.at(step) : factor * rest.at(step);
        return Math.max(0, Math.min(1, rate / peak));
    }

    @Override
    public double[] breaks() {
        double[] later = rest.breaks();
        double[] breaks = new double[later.length + 2 * seen.size() + 2];
        System.arraycopy(later, 0, breaks, 0, Knots.FIXED);
        int at = Knots.FIXED;
        for (int i = 0; i < seen.size(); i++) {
            breaks[at++] = Math.floor(seen.step(i));
            breaks[at++] = Math.ceil(seen.step(i));
        }
        breaks[at++] = seen.end();
        breaks[at++] = seen.end() + 1;
        System.arraycopy(later, Knots.FIXED, breaks, at, later.length - Knots.FIXED);
        return breaks;
    }
}
