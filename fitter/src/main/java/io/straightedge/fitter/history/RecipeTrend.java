package io.straightedge.fitter.history;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.fitter.solve.PositiveDefinite;

/**
 * A quantity of finished runs as a line in their recipe's features, read at a new run's recipe.
 *
 * <p>y_j = m + (x_j - x)'b + noise, var noise^2 / weight_j; priors b ~ N(slope, slopeSd^2), m ~ N(base, noise^2 /
 * pull). Features that one of the two does not know count as equal. Solved twice: residuals beyond 1.5 noise count less
 * the second time.
 *
 * @param value m
 * @param variance of m plus that of a run about the line
 */
record RecipeTrend(double value, double variance) {

    private static final double ROBUST = 1.5;

    /** Fits y [n], weight [n] at features x [n][p]; the new run's are {@code at} [p]. */
    static RecipeTrend fit(
            double[][] x,
            double[] y,
            double[] weight,
            double[] at,
            double[] slope,
            double[] slopeSd,
            double noise,
            double pull,
            double base) {
        int n = y.length;
        int p = at.length;
        double[][] row = new double[n][p + 1];
        for (int j = 0; j < n; j++) {
            row[j][0] = 1;
            for (int i = 0; i < p; i++) {
                double off = x[j][i] - at[i];
                row[j][i + 1] = Double.isNaN(off) ? 0 : off;
            }
        }
        double[] reduced = weight.clone();
        double[] theta = new double[p + 1];
        double intercept = 0;
        double squares = 0;
        double total = 0;
        for (int pass = 0; pass < 2; pass++) {
            double[][] normal = new double[p + 1][p + 1];
            double[] right = new double[p + 1];
            double noiseSquare = noise * noise;
            normal[0][0] = pull / noiseSquare;
            right[0] = base * normal[0][0];
            for (int i = 0; i < p; i++) {
                normal[i + 1][i + 1] = 1 / (slopeSd[i] * slopeSd[i]);
                right[i + 1] = slope[i] * normal[i + 1][i + 1];
            }
            for (int j = 0; j < n; j++) {
                double w = reduced[j] / noiseSquare;
                for (int i = 0; i <= p; i++) {
                    right[i] += w * row[j][i] * y[j];
                    for (int k = 0; k <= p; k++) {
                        normal[i][k] += w * row[j][i] * row[j][k];
                    }
                }
            }
            if (!(PositiveDefinite.of(normal) instanceof Outcome.Found<PositiveDefinite> found)) {
                return new RecipeTrend(base, noise * noise);
            }
            theta = found.value().solve(right);
            double[] unit = new double[p + 1];
            unit[0] = 1;
            intercept = found.value().solve(unit)[0];
            squares = pull * noiseSquare;
            total = pull;
            for (int j = 0; j < n; j++) {
                double residual = y[j];
                for (int i = 0; i <= p; i++) {
                    residual -= theta[i] * row[j][i];
                }
                // The second pass reports the residuals it was weighted by.
                squares += reduced[j] * residual * residual;
                total += reduced[j];
                if (pass == 0) {
                    reduced[j] = weight[j] * Math.min(1, ROBUST * noise / Math.max(1e-9, Math.abs(residual)));
                }
            }
        }
        double scatter = squares / total;
        return new RecipeTrend(theta[0], scatter + intercept * scatter / (noise * noise));
    }
}
