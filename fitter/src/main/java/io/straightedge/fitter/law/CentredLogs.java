package io.straightedge.fitter.law;

import java.util.Arrays;

/**
 * The logarithms of points, those of N and D about their weighted means.
 *
 * <p>For forms whose theta begins (a, b, e, alpha, beta): with centred logs a and b take up what alpha and beta would
 * otherwise share with them, and the condition of the normal matrix falls by orders of magnitude. Struct of arrays [n],
 * only read.
 */
final class CentredLogs {

    final double[] params;
    final double[] tokens;
    final double[] loss;
    final double[] weight;
    /** Place of each point's log N in {@link #sizes}: sizes repeat, in a ladder hundreds of times. */
    final int[] sizeOf;

    /** The distinct values of log N, rising. */
    final double[] sizes;

    private final double meanParams;
    private final double meanTokens;

    private final LawPoints points;

    CentredLogs(LawPoints points) {
        this.points = points;
        int n = points.size();
        weight = new double[n];
        params = new double[n];
        tokens = new double[n];
        loss = new double[n];
        double sumX = 0;
        double sumY = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            weight[i] = points.weight(i);
            params[i] = Math.log(points.params(i));
            tokens[i] = Math.log(points.tokens(i));
            loss[i] = Math.log(points.loss(i));
            sumX += weight[i] * params[i];
            sumY += weight[i] * tokens[i];
            sum += weight[i];
        }
        meanParams = sumX / sum;
        meanTokens = sumY / sum;
        for (int i = 0; i < n; i++) {
            params[i] -= meanParams;
            tokens[i] -= meanTokens;
        }
        sizes = Arrays.stream(params).sorted().distinct().toArray();
        sizeOf = new int[n];
        for (int i = 0; i < n; i++) {
            sizeOf[i] = Arrays.binarySearch(sizes, params[i]);
        }
    }

    LawPoints points() {
        return points;
    }

    int size() {
        return loss.length;
    }

    /** Turns (a, b, e, alpha, beta, ...) of the plain logs into those of the centred ones, in place. */
    double[] centre(double[] theta) {
        theta[0] -= theta[3] * meanParams;
        theta[1] -= theta[4] * meanTokens;
        return theta;
    }

    /** The inverse of {@link #centre}. */
    double[] uncentre(double[] theta) {
        theta[0] += theta[3] * meanParams;
        theta[1] += theta[4] * meanTokens;
        return theta;
    }

    /** Takes a covariance of centred coefficients [p][p] to one of plain ones: T V T', T one but for two means. */
    double[][] uncentred(double[][] covariance) {
        int p = covariance.length;
        double[][] out = new double[p][];
        for (int i = 0; i < p; i++) {
            out[i] = covariance[i].clone();
            out[i][0] += meanParams * out[i][3];
            out[i][1] += meanTokens * out[i][4];
        }
        for (int j = 0; j < p; j++) {
            out[0][j] += meanParams * out[3][j];
            out[1][j] += meanTokens * out[4][j];
        }
        return out;
    }
}
