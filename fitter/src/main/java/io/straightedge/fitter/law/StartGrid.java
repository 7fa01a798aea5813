package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.NonNegative3;
import io.straightedge.fitter.solve.SmoothObjective;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Starting points by variable projection: 32 x 32 values of (alpha, beta) over [0.05, 0.95]^2.
 *
 * <p>For fixed exponents the law is linear in (A, B, E) &gt;= 0; rows are scaled by 1/L, so that the residual is the
 * log residual to first order, and the three are solved in closed form. Handed back are the cells with no better
 * neighbour, and the best by the exact objective among the 32 of least squares: the robust optimum need not lie in the
 * valley of least squares. O(1024 n): one product a cell and point.
 */
final class StartGrid {

    private static final int SIDE = 32;
    private static final double LEAST = 0.05;
    private static final double MOST = 0.95;
    private static final int CANDIDATES = 32;
    private static final int STARTS = 5;

    private StartGrid() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cell(int i, int j, double squares, double[] theta) {}

    /** At most {@value #STARTS} starting points (a, b, e, alpha, beta) of the centred logs, best first. */
    static List<double[]> of(CentredLogs logs, SmoothObjective objective) {
        double[][] squares = new double[SIDE][SIDE];
        List<Cell> cells = cells(logs, squares);
        cells.sort(Comparator.comparingDouble(Cell::squares));
        List<double[]> starts = new ArrayList<>();
        cells.stream()
                .limit(CANDIDATES)
                .min(Comparator.comparingDouble(cell -> objective.value(cell.theta())))
                .ifPresent(cell -> starts.add(cell.theta()));
        for (Cell cell : cells) {
            if (starts.size() < STARTS && lowest(squares, cell.i(), cell.j())) {
                starts.add(cell.theta());
            }
        }
        return starts;
    }

    /** Solves every cell. Only one of the nine sums of the normal equations depends on both exponents. */
    private static List<Cell> cells(CentredLogs logs, double[][] squares) {
        int n = logs.size();
        double[] weight = new double[n];
        double[] scale = new double[n];
        double scales = 0;
        for (int k = 0; k < n; k++) {
            weight[k] = logs.weight[k];
            scale[k] = Math.exp(-logs.loss[k]);
            scales += weight[k] * scale[k] * scale[k];
        }
        double[][] params = powers(logs, scale, true);
        double[][] tokens = powers(logs, scale, false);
        double[][] ofParams = sums(params, weight, scale);
        double[][] ofTokens = sums(tokens, weight, scale);
        NonNegative3 solver = new NonNegative3();
        double[] g = new double[6];
        double[] r = new double[3];
        g[5] = scales;
        r[2] = product(scale, weight);
        List<Cell> cells = new ArrayList<>(SIDE * SIDE);
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                g[0] = ofParams[i][0];
                g[1] = product(params[i], tokens[j], weight);
                g[2] = ofTokens[j][0];
                g[3] = ofParams[i][1];
                g[4] = ofTokens[j][1];
                r[0] = ofParams[i][2];
                r[1] = ofTokens[j][2];
                double[] solution = new double[3];
                squares[i][j] = solver.solve(g, r, solution);
                cells.add(new Cell(i, j, squares[i][j], theta(solution, exponent(i), exponent(j))));
            }
        }
        return cells;
    }

    /** For each exponent: sum w p^2, sum w p s, sum w p, with p the powers and s the scale. */
    private static double[][] sums(double[][] powers, double[] weight, double[] scale) {
        double[][] out = new double[SIDE][];
        for (int i = 0; i < SIDE; i++) {
            out[i] = new double[] {
                product(powers[i], powers[i], weight), product(powers[i], scale, weight), product(powers[i], weight)
            };
        }
        return out;
    }

    private static double product(double[] x, double[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += x[k] * y[k];
        }
        return sum;
    }

    private static double product(double[] x, double[] y, double[] weight) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += weight[k] * x[k] * y[k];
        }
        return sum;
    }

    private static boolean lowest(double[][] squares, int i, int j) {
        for (int k = Math.max(0, i - 1); k <= Math.min(SIDE - 1, i + 1); k++) {
            for (int l = Math.max(0, j - 1); l <= Math.min(SIDE - 1, j + 1); l++) {
                if (squares[k][l] < squares[i][j]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A term that came out zero starts small instead: its logarithm must exist. */
    private static double[] theta(double[] solution, double alpha, double beta) {
        double least = 1e-3 * Math.max(1e-300, Math.max(solution[0], Math.max(solution[1], solution[2])));
        return new double[] {
            Math.log(Math.max(least, solution[0])),
            Math.log(Math.max(least, solution[1])),
            Math.log(Math.max(least, solution[2])),
            alpha,
            beta
        };
    }

    private static double exponent(int i) {
        return LEAST + (MOST - LEAST) * i / (SIDE - 1);
    }

    /** [SIDE][n]: the power of N or D over L, for each exponent. */
    private static double[][] powers(CentredLogs logs, double[] scale, boolean ofParams) {
        double[][] out = new double[SIDE][logs.size()];
        for (int k = 0; k < logs.size(); k++) {
            double log = ofParams ? logs.params[k] : logs.tokens[k];
            // Exponents are equally spaced: one power and one ratio give all of them.
            double power = scale[k] * Math.exp(-exponent(0) * log);
            double ratio = Math.exp(-(MOST - LEAST) / (SIDE - 1) * log);
            for (int i = 0; i < SIDE; i++) {
                out[i][k] = power;
                power *= ratio;
            }
        }
        return out;
    }
}
