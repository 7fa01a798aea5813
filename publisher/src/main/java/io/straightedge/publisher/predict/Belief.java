package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is believed of the log losses of all sizes of run, once some runs are made.
 *
 * <p>Before: ln L(x) = ln law(x) + j(x)' (theta - theta_0) + d(x), theta normal about the law's coefficients with the
 * covariance S of a {@link Basin}, d the {@link Drift}, j the gradient of ln law [p]; k(x, y) = j(x)' S j(y) + d(x, y).
 * A run at x_i of weight w_i shows ln L(x_i) with the variance sigma^2/w_i. After n runs the covariance is k(x, y) -
 * k(x)' K^-1 k(y), K_ij = k(x_i, x_j) + [i = j] sigma^2/w_i, k(x) = (k(x, x_i)) [n]. Without drift that is the normal
 * theory of least squares; the losses themselves do not enter.
 *
 * <p>O(n^3) to make, by Cholesky's method, and O(n^2) a place. Of more than {@value #MOST_RUNS} runs the largest in C
 * count, which the drift would let outweigh the others. Immutable.
 *
 * @see "Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, section 2.7, with the basis functions j"
 */
final class Belief {

    private static final int MOST_RUNS = 400;

    private final Basin before;
    private final Drift drift;
    private final List<Place> runs;
    /** Lower triangle of the root of K [n][n]. */
    private final double[][] root;

    /**
     * @param made runs of a weight above 0
     * @param sigma standard deviation of a run's log loss about the law and its drift (&gt; 0)
     */
    Belief(Basin before, Drift drift, List<LawPoint> made, double sigma) {
        this.before = before;
        this.drift = drift;
        List<LawPoint> counted = made.stream()
                .sorted(Comparator.comparingDouble((LawPoint run) -> run.params() * run.tokens())
                        .reversed())
                .limit(MOST_RUNS)
                .toList();
        runs = new ArrayList<>();
        root = new double[counted.size()][];
        for (int i = 0; i < root.length; i++) {
            LawPoint run = counted.get(i);
            Place place = at(run.params(), run.tokens());
            double[] row = new double[i + 1];
            System.arraycopy(place.seen, 0, row, 0, i);
            // What is left of the variance is never below 0 but for rounding, where the prior is very wide.
            double left = Math.max(0, covariance(place, place));
            row[i] = Math.sqrt(left + sigma * sigma / run.weight());
            root[i] = row;
            runs.add(place);
        }
    }

    /** A size of run, and what the runs so far say of it. */
    static final class Place {
        private final double params;
        private final double tokens;
        private final double loss;
        /** j [p]. */
        private final double[] slope;
        /** root^-1 k(x) [runs so far]. */
        private final double[] seen;

        private Place(double params, double tokens, double loss, double[] slope, int runs) {
            this.params = params;
            this.tokens = tokens;
            this.loss = loss;
            this.slope = slope;
            seen = new double[runs];
        }

        /** By the law, nats per token. */
        double loss() {
            return loss;
        }
    }

    Basin before() {
        return before;
    }

    Place at(double params, double tokens) {
        SurfaceLaw law = before.law();
        double loss = law.loss(params, tokens);
        double[] slope = new double[law.size()];
        law.gradient(params, tokens, slope);
        for (int i = 0; i < slope.length; i++) {
            slope[i] /= loss;
        }
        Place place = new Place(params, tokens, loss, slope, runs.size());
        for (int i = 0; i < place.seen.length; i++) {
            double left = prior(place, runs.get(i));
            for (int k = 0; k < i; k++) {
                left -= root[i][k] * place.seen[k];
            }
            place.seen[i] = left / root[i][i];
        }
        return place;
    }

    /** Of the log losses of two sizes of run, the noise of a single run left out. */
    double covariance(Place one, Place other) {
        return prior(one, other) - dot(one.seen, other.seen);
    }

    private double prior(Place one, Place other) {
        return before.form(one.slope, other.slope) + drift.between(one.params, one.tokens, other.params, other.tokens);
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
