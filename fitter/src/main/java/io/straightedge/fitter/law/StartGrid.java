package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.NonNegative3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Starting points by variable projection: 32 x 32 values of (alpha, beta) over [0.05, 0.95]^2.
 *
 * <p>For fixed exponents the law is linear in (A, B, E) &gt;= 0; rows are scaled by 1/L, so that the residual is the log
 * residual to first order, and the three are solved in closed form. Handed back are the cells with no better neighbour, and
 * the best by the exact objective among the 32 of least squares: the robust optimum need not lie in the valley of least
 * squares. O(1024 n).
 */
final class StartGrid {

    private static final int SIDE = 32;
    private static final double LEAST = 0.05;
    private static final double MOST = 0.95;
    private static final int CANDIDATES = 32;

    private StartGrid() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cell(int i, int j, double squares, double[] theta) {}

    /** At most {@code most} starting points (a, b, e, alpha, beta) of the centred logs, best first. */
    static List<double[]> of(LogHuber objective, int most) {
        double[][] squares = new double[SIDE][SIDE];
        List<Cell> cells = new ArrayList<>();
        int n = objective.points();
        double[][] params = powers(objective, true);
        double[][] tokens = powers(objective, false);
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = Math.exp(-objective.logLoss(i));
        }
        NonNegative3 solver = new NonNegative3();
        double[] g = new double[6];
        double[] r = new double[3];
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                Arrays.fill(g, 0);
                Arrays.fill(r, 0);
                for (int k = 0; k < n; k++) {
                    double w = objective.weight(k);
                    double x = params[i][k] * scale[k];
                    double y = tokens[j][k] * scale[k];
                    g[0] += w * x * x;
                    g[1] += w * x * y;
                    g[2] += w * y * y;
                    g[3] += w * x * scale[k];
                    g[4] += w * y * scale[k];
                    g[5] += w * scale[k] * scale[k];
                    r[0] += w * x;
                    r[1] += w * y;
                    r[2] += w * scale[k];
                }
                double[] solution = new double[3];
                squares[i][j] = solver.solve(g, r, solution);
                cells.add(new Cell(i, j, squares[i][j], theta(solution, exponent(i), exponent(j))));
            }
        }
        cells.sort(Comparator.comparingDouble(Cell::squares));
        List<double[]> starts = new ArrayList<>();
        cells.stream()
                .limit(CANDIDATES)
                .min(Comparator.comparingDouble(cell -> objective.value(cell.theta())))
                .ifPresent(cell -> starts.add(cell.theta()));
        for (Cell cell : cells) {
            if (starts.size() < most && lowest(squares, cell.i(), cell.j())) {
                starts.add(cell.theta());
            }
        }
        return starts;
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

    private static double[][] powers(LogHuber objective, boolean ofParams) {
        double[][] out = new double[SIDE][objective.points()];
        for (int i = 0; i < SIDE; i++) {
            for (int k = 0; k < objective.points(); k++) {
                double log = ofParams ? objective.centredLogParams(k) : objective.centredLogTokens(k);
                out[i][k] = Math.exp(-exponent(i) * log);
            }
        }
        return out;
    }
}
