package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.NonNegative3;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Where the fits of the forms beside Chinchilla's start.
 *
 * <p>By variable projection where fixed exponents leave a linear problem: rows scaled so that the residual is the log
 * residual to first order, the non-negative problem in closed form, the best few cells of a grid. The richer forms
 * start from the Chinchilla fit, which they contain. Functions of the points.
 */
final class FormStarts {

    private static final double LEAST_EXPONENT = 0.02;
    private static final double MOST_EXPONENT = 1;
    private static final int CELLS = 50;
    /** Of two exponents every second one of these will do: 625 cells. */
    private static final int EVERY = 2;

    private static final int STARTS = 3;
    /** A term that came out zero starts at this part of the largest: its logarithm must exist. */
    private static final double SMALL = 1e-3;

    private FormStarts() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cell(double squares, double[] theta) {}

    /** (ln a, ln b, ln E, eta) of the law of over-training. */
    static List<double[]> overtraining(LawPoints points) {
        List<Cell> cells = new ArrayList<>();
        for (int c = 0; c < CELLS; c++) {
            double eta = 0.5 * exponent(c);
            double unit = Math.pow(6, -eta);
            double[] x = new double[3];
            double squares = solve(
                    points,
                    i -> unit * Math.pow(points.params(i), -2 * eta),
                    i -> unit * Math.pow(points.tokens(i), -2 * eta),
                    i -> 1,
                    i -> points.loss(i),
                    1,
                    x);
            double[] at = {unit * Math.pow(points.params(0), -2 * eta), unit * Math.pow(points.tokens(0), -2 * eta), 1};
            cells.add(new Cell(squares, new double[] {log(x, at, 0), log(x, at, 1), log(x, at, 2), eta}));
        }
        return best(cells);
    }

    /** (ln Nc, ln Dc, alphaN, alphaD) of Kaplan's joint law: L^(1/alphaD) is linear in Nc^r and Dc. */
    static List<double[]> kaplan(LawPoints points) {
        List<Cell> cells = new ArrayList<>();
        double[] power = new double[points.size()];
        for (int d = 0; d < CELLS; d += EVERY) {
            double alphaD = exponent(d);
            Arrays.setAll(power, i -> Math.pow(points.loss(i), 1 / alphaD));
            for (int c = 0; c < CELLS; c += EVERY) {
                double alphaN = exponent(c);
                double r = alphaN / alphaD;
                double[] x = new double[3];
                double squares = solve(
                        points,
                        i -> Math.pow(points.params(i), -r),
                        i -> 1 / points.tokens(i),
                        i -> 0,
                        i -> power[i],
                        alphaD,
                        x);
                if (x[0] > 0 && x[1] > 0) {
                    cells.add(new Cell(squares, new double[] {Math.log(x[0]) / r, Math.log(x[1]), alphaN, alphaD}));
                }
            }
        }
        return cells.isEmpty() ? List.of(new double[] {32, 30, 0.08, 0.1}) : best(cells);
    }

    /** (ln A, ln E, a) of E + A x^-a, with x of each point. */
    static List<double[]> saturating(LawPoints points, IntToDoubleFunction variable) {
        List<Cell> cells = new ArrayList<>();
        for (int c = 0; c < CELLS; c++) {
            double a = exponent(c);
            double[] x = new double[3];
            double squares =
                    solve(points, i -> Math.pow(variable.applyAsDouble(i), -a), i -> 1, i -> 0, points::loss, 1, x);
            double[] at = {Math.pow(variable.applyAsDouble(0), -a), 1, 0};
            cells.add(new Cell(squares, new double[] {log(x, at, 0), log(x, at, 1), a}));
        }
        return best(cells);
    }

    /** (ln A, ln B, ln E, alpha, beta, ln gamma): (A^(1/g) N^(-alpha/g))^g is Chinchilla's first term for any g. */
    static List<double[]> gamma(LawPoints points) {
        double[] from = chinchilla(points);
        List<double[]> starts = new ArrayList<>();
        for (double g : new double[] {1, 0.8, 0.6, 1.25, 1.6}) {
            starts.add(new double[] {from[0] / g, from[1] / g, from[2], from[3] / g, from[4] / g, Math.log(g)});
        }
        return starts;
    }

    /**
     * (s, q, S, B, b, Q, A, a, E), near the Chinchilla law and leaning to each side of it.
     *
     * <p>With m = A N0^-alpha amid the points, exp(s N^q + S) and E + A N^-alpha agree there in value, slope and
     * curvature by log N for q = -alpha E/(E + m), s N0^q = m/E, S = ln(E + m) - m/E; q is kept off zero, where E is.
     */
    static List<double[]> farseer(LawPoints points) {
        double[] from = chinchilla(points);
        double logCentre = 0;
        for (int i = 0; i < points.size(); i++) {
            logCentre += Math.log(points.params(i)) / points.size();
        }
        double model = Math.exp(from[0] - from[3] * logCentre);
        double value = model + Math.exp(from[2]);
        double slope = -from[3] * model / value;
        double q = -Math.max(1e-3, from[3] * Math.exp(from[2]) / value);
        List<double[]> starts = new ArrayList<>();
        for (double lean : new double[] {0.01, -0.01}) {
            for (double power : new double[] {0.1, -0.1}) {
                starts.add(new double[] {
                    slope / q * Math.exp(-q * logCentre),
                    q,
                    Math.log(value) - slope / q,
                    lean,
                    power,
                    from[1],
                    -lean,
                    power,
                    Math.log(from[4])
                });
            }
        }
        return starts;
    }

    private static double[] chinchilla(LawPoints points) {
        if (LawEstimators.chinchilla().fit(points, FitOptions.DEFAULT) instanceof Outcome.Found<LawFit> found
                && found.value().law() instanceof ChinchillaLaw law) {
            return law.theta();
        }
        return new double[] {6, 7.5, 0.6, 0.35, 0.37};
    }

    /**
     * Least squares of x0 c0 + x1 c1 + x2 c2 = y over x &gt;= 0, rows scaled by {@code power}/y: what is left is the log
     * residual of y^power to first order.
     */
    private static double solve(
            LawPoints points,
            IntToDoubleFunction first,
            IntToDoubleFunction second,
            IntToDoubleFunction third,
            IntToDoubleFunction value,
            double power,
            double[] out) {
        double[] g = new double[6];
        double[] r = new double[3];
        double[] c = new double[3];
        // Columns are scaled alike by their first row, which the solver wants and the solution undoes.
        double[] unit = {first.applyAsDouble(0), second.applyAsDouble(0), third.applyAsDouble(0)};
        double squares = 0;
        for (int i = 0; i < points.size(); i++) {
            double y = value.applyAsDouble(i);
            c[0] = scaled(first.applyAsDouble(i), unit[0]) * power / y;
            c[1] = scaled(second.applyAsDouble(i), unit[1]) * power / y;
            c[2] = scaled(third.applyAsDouble(i), unit[2]) * power / y;
            double w = points.weight(i);
            int at = 0;
            for (int j = 0; j < 3; j++) {
                r[j] += w * c[j] * power;
                for (int k = 0; k <= j; k++) {
                    g[at++] += w * c[j] * c[k];
                }
            }
            squares += w * power * power;
        }
        double reached = new NonNegative3().solve(g, r, out);
        for (int j = 0; j < 3; j++) {
            out[j] = unit[j] > 0 ? out[j] / unit[j] : 0;
        }
        return squares + reached;
    }

    private static double scaled(double value, double unit) {
        return unit > 0 ? value / unit : 0;
    }

    /** Of coefficient i; {@code at} are the columns at one of the points, for coefficients alone cannot be compared. */
    private static double log(double[] x, double[] at, int i) {
        double largest = Math.max(x[0] * at[0], Math.max(x[1] * at[1], x[2] * at[2]));
        return Math.log(Math.max(x[i], SMALL * Math.max(largest, Double.MIN_NORMAL) / at[i]));
    }

    private static double exponent(int cell) {
        return LEAST_EXPONENT * Math.pow(MOST_EXPONENT / LEAST_EXPONENT, cell / (CELLS - 1.0));
    }

    private static List<double[]> best(List<Cell> cells) {
        return cells.stream()
                .sorted(Comparator.comparingDouble(Cell::squares))
                .limit(STARTS)
                .map(Cell::theta)
                .toList();
    }
}
