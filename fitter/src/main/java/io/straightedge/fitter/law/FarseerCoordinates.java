package io.straightedge.fitter.law;

/**
 * Each c N^p + k of the Farseer law as c' ((N/N0)^p - 1)/p + k', with N0 amid the points.
 *
 * <p>k' is the term's value at N0, c' its slope in log N there, and p its curvature: near p = 0, where c and k grow
 * without bound against each other, these stay as they are. For the scale of data, (B, b, Q), value and slope are those
 * of the whole log H - g log D at D0, amid the points: scale and exponent would otherwise move together. theta (s, q,
 * S, B, b, Q, A, a, E) keeps its order.
 */
final class FarseerCoordinates implements Coordinates {

    /** Powers nearer to 0 are taken as this far from it. */
    private static final double LEAST_POWER = 1e-5;

    /** Places of c' and k' of the scale of data, and of its exponent. */
    private static final int SCALE_SLOPE = 3;

    private static final int SCALE = 5;
    private static final int EXPONENT_SLOPE = 6;
    private static final int EXPONENT = 8;

    private final double logCentre;
    private final double logTokens;

    FarseerCoordinates(LawPoints points) {
        double sumX = 0;
        double sumY = 0;
        for (int i = 0; i < points.size(); i++) {
            sumX += Math.log(points.params(i));
            sumY += Math.log(points.tokens(i));
        }
        logCentre = sumX / points.size();
        logTokens = sumY / points.size();
    }

    @Override
    public double[] of(double[] theta) {
        double[] out = theta.clone();
        for (int at = 0; at < theta.length; at += 3) {
            double p = power(theta[at + 1]);
            double scale = theta[at] * Math.exp(p * logCentre);
            out[at] = scale * p;
            out[at + 1] = p;
            out[at + 2] = theta[at + 2] + scale;
        }
        shift(out, -1);
        return out;
    }

    @Override
    public double[] theta(double[] coordinates) {
        double[] out = coordinates.clone();
        shift(out, 1);
        for (int at = 0; at < coordinates.length; at += 3) {
            double p = power(coordinates[at + 1]);
            double scale = out[at] / p;
            out[at] = scale * Math.exp(-p * logCentre);
            out[at + 1] = p;
            out[at + 2] -= scale;
        }
        return out;
    }

    private void shift(double[] out, double sign) {
        double exponent = Math.exp(out[EXPONENT]);
        out[SCALE] += sign * exponent * logTokens;
        out[SCALE_SLOPE] += sign * exponent * out[EXPONENT_SLOPE] * logTokens;
    }

    private static double power(double p) {
        return Math.abs(p) < LEAST_POWER ? Math.copySign(LEAST_POWER, p) : p;
    }
}
