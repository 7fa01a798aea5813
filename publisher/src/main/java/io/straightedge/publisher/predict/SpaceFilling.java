package io.straightedge.publisher.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which runs to make while there are too few for a law: the cheapest that shows something new.
 *
 * <p>A law L = E + f(N) + g(D) looks nearby like a sum of 1, u, v, u^2 and v^2, u = log2 N, v = log2 D less their means
 * over the runs. A candidate is new when the part of its five features that no combination of the runs' features gives
 * has a length of at least {@value #NEW}: about half a doubling in a direction not seen. When no candidate is, one is
 * new whose leverage x' (G + {@value #NEW}^2 I)^-1 x, x its features and G the sum of x x' over the runs, is 1 or more:
 * it would tell as much of its size as all runs so far, so that a hundred runs of nearly one size are not followed by
 * one more. When none has that, any will do, and the cheapest is taken. Does not depend on the units of N and D. O(runs
 * + candidates) times 25.
 *
 * @see "Atkinson, Donev and Tobias 2007, Optimum Experimental Designs, chapter 11, for adding the point of most leverage"
 */
final class SpaceFilling {

    private static final double NEW = 0.5;
    private static final double SEEN = 1e-6;
    private static final int FEATURES = 5;

    private final double meanU;
    private final double meanV;
    /** Orthonormal, what the runs span. */
    private final List<double[]> basis = new ArrayList<>();
    /** (G + NEW^2 I)^-1. */
    private final double[][] inverse = new double[FEATURES][FEATURES];

    private SpaceFilling(List<Candidate> runs) {
        meanU = runs.stream().mapToDouble(run -> log2(run.params())).average().orElse(0);
        meanV = runs.stream().mapToDouble(run -> log2(run.tokens())).average().orElse(0);
        for (int i = 0; i < FEATURES; i++) {
            inverse[i][i] = 1 / (NEW * NEW);
        }
        runs.forEach(this::add);
    }

    /** The candidates that show something new, cheapest first; all, cheapest first, when nothing is left to show. */
    static List<Candidate> order(List<Candidate> runs, List<Candidate> candidates) {
        SpaceFilling seen = new SpaceFilling(runs);
        List<Candidate> byCost = candidates.stream()
                .sorted(Comparator.comparingDouble(Candidate::flops)
                        .thenComparingDouble(Candidate::params)
                        .thenComparingDouble(Candidate::tokens))
                .toList();
        List<Candidate> unseen = byCost.stream()
                .filter(candidate -> length(seen.rest(candidate)) >= NEW)
                .toList();
        List<Candidate> beyond = byCost.stream()
                .filter(candidate -> seen.leverage(candidate) >= 1)
                .toList();
        return !unseen.isEmpty() ? unseen : !beyond.isEmpty() ? beyond : byCost;
    }

    private void add(Candidate run) {
        double[] rest = rest(run);
        double length = length(rest);
        if (length > SEEN) {
            for (int i = 0; i < FEATURES; i++) {
                rest[i] /= length;
            }
            basis.add(rest);
        }
        double[] features = features(run);
        double[] product = product(features);
        double scale = 1 + dot(features, product);
        for (int i = 0; i < FEATURES; i++) {
            for (int j = 0; j < FEATURES; j++) {
                inverse[i][j] -= product[i] * product[j] / scale;
            }
        }
    }

    private double leverage(Candidate candidate) {
        double[] features = features(candidate);
        return dot(features, product(features));
    }

    private double[] features(Candidate run) {
        double u = log2(run.params()) - meanU;
        double v = log2(run.tokens()) - meanV;
        return new double[] {1, u, v, u * u, v * v};
    }

    private double[] product(double[] features) {
        double[] product = new double[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
            product[i] = dot(inverse[i], features);
        }
        return product;
    }

    /** What the runs' features do not give; projected twice, since once leaves rounding. */
    private double[] rest(Candidate candidate) {
        double[] rest = features(candidate);
        for (int pass = 0; pass < 2; pass++) {
            for (double[] direction : basis) {
                double along = dot(rest, direction);
                for (int i = 0; i < FEATURES; i++) {
                    rest[i] -= along * direction[i];
                }
            }
        }
        return rest;
    }

    private static double length(double[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < FEATURES; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
