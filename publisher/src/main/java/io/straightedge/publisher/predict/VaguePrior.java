package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.List;

/**
 * What is believed of a law's coefficients before any run: little, but not nothing.
 *
 * <p>Chinchilla's (a, b, e, alpha, beta) at the middle of the runs' log N and log D have the standard deviations 3, 3,
 * .3, .2, .2, independent of one another; the exponents published for losses lie within .28 and .45 and so well inside.
 * Coefficients of another law have n times the covariance that n runs gave: what a single run would tell.
 *
 * @see "Kass and Wasserman 1995, for the prior worth one observation"
 */
final class VaguePrior {

    private static final double[] SD = {3, 3, 0.3, 0.2, 0.2};

    private VaguePrior() {}

    /** A basin's, in place of what the runs told of it; {@code runs} of a weight above 0. */
    static Basin of(Basin basin, List<LawPoint> runs) {
        return new Basin(
                basin.weight(),
                basin.law(),
                basin.law() instanceof ChinchillaLaw ? chinchilla(runs) : worthOneOf(runs.size(), basin));
    }

    /** T diag(s^2) T', T taking (a, b) at the middle to those at N = D = 1: a + alpha m_N, b + beta m_D. */
    private static List<List<Double>> chinchilla(List<LawPoint> runs) {
        double params = runs.stream()
                .mapToDouble(run -> Math.log(run.params()))
                .average()
                .orElse(0);
        double tokens = runs.stream()
                .mapToDouble(run -> Math.log(run.tokens()))
                .average()
                .orElse(0);
        double[][] matrix = new double[SD.length][SD.length];
        for (int i = 0; i < SD.length; i++) {
            matrix[i][i] = SD[i] * SD[i];
        }
        add(matrix, 0, 3, params);
        add(matrix, 1, 4, tokens);
        return rows(matrix);
    }

    private static void add(double[][] matrix, int coefficient, int exponent, double middle) {
        double variance = matrix[exponent][exponent];
        matrix[coefficient][coefficient] += middle * middle * variance;
        matrix[coefficient][exponent] = middle * variance;
        matrix[exponent][coefficient] = middle * variance;
    }

    private static List<List<Double>> worthOneOf(int runs, Basin basin) {
        return basin.covariance().stream()
                .map(row -> row.stream().map(value -> runs * value).toList())
                .toList();
    }

    private static List<List<Double>> rows(double[][] matrix) {
        List<List<Double>> rows = new ArrayList<>();
        for (double[] row : matrix) {
            List<Double> copy = new ArrayList<>();
            for (double value : row) {
                copy.add(value);
            }
            rows.add(copy);
        }
        return rows;
    }
}
