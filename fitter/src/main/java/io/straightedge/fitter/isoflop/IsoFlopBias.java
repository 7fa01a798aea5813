package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The bias of approach 2's parabola: what it finds on losses without noise, less what is there.
 *
 * <p>Around its minimum a surface is no parabola. On a grid of N at constant C the vertex of the parabola through the
 * law's own losses is off by a shift that no number of points removes. {@link #of} computes it for the N and D that a
 * budget has, with the same weights, whatever their layout; {@link #symmetricShift} is the closed form for a grid
 * centred on the optimum. The exponents stay right where the shift is the same in every budget. Functions of their
 * arguments.
 *
 * @see "Open Athena 2026, scaling-law-analysis, experiment 6"
 */
public final class IsoFlopBias {

    /** A budget's mean 6ND may be off its C by this factor, and each run's 6ND off the mean by the other. */
    private static final double NEAR = 1.03;

    private static final double STRETCH = 1.2;

    private IsoFlopBias() {}

    /** By how much a budget's parabola is off: ln of what it finds over what is there. */
    public record Shift(double flops, double logParams, double logTokens) {}

    /**
     * Minima by parabola with their bias removed.
     *
     * @param shifts removed, by budget
     * @param reading the trends through the corrected minima, weighted as before
     * @param summary the bias in words
     */
    public record Corrected(List<Shift> shifts, IsoFlopReading reading, String summary) {
        public Corrected {
            shifts = List.copyOf(shifts);
        }
    }

    /**
     * log10 of the parabola's N* over the true N* of a Chinchilla law, on {@code points} equal steps of log10 N over
     * [-{@code halfWidth}, {@code halfWidth}] about the true N*.
     *
     * <p>With f(w) = (beta/alpha) 10^(-alpha w) + 10^(beta w), a1 = S(w f)/S(w^2) and
     * a2 = (n S(w^2 f) - S(w^2) S(f))/(n S(w^4) - S(w^2)^2), the shift is -a1/(2 a2): the same at every C, and 0 where
     * alpha = beta. That of log10 D* is its negative.
     */
    public static double symmetricShift(double alpha, double beta, double halfWidth, int points) {
        if (!(alpha > 0 && beta > 0 && halfWidth > 0 && points >= 3)) {
            throw new IllegalArgumentException("a shift needs exponents and a width above 0 and three points");
        }
        double square = 0;
        double fourth = 0;
        double sum = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < points; i++) {
            double w = halfWidth * (2.0 * i / (points - 1) - 1);
            double f = beta / alpha * Math.pow(10, -alpha * w) + Math.pow(10, beta * w);
            square += w * w;
            fourth += w * w * w * w;
            sum += f;
            first += w * f;
            second += w * w * f;
        }
        double slope = first / square;
        double curvature = (points * second - square * sum) / (points * fourth - square * square);
        return -slope / (2 * curvature);
    }

    /**
     * The shift under {@code law} of the parabola through {@code members} of the points, against the law's optimum for
     * the geometric mean of their 6ND. Needs three different N and D.
     */
    public static Shift of(SurfaceLaw law, LawPoints points, List<Integer> members) {
        int[] rows = members.stream().mapToInt(Integer::intValue).toArray();
        BudgetPoints budget = new BudgetPoints(points, rows, 1);
        double[] losses = Arrays.stream(rows)
                .mapToDouble(i -> law.loss(points.params(i), points.tokens(i)))
                .toArray();
        double logFlops = Math.log(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN)
                + Arrays.stream(rows)
                        .mapToDouble(i -> Math.log(points.params(i)) + Math.log(points.tokens(i)))
                        .average()
                        .orElseThrow();
        double flops = Math.exp(logFlops);
        Allocation optimum = law.optimum(flops);
        return new Shift(
                flops,
                budget.alongParams(losses).parabola().vertex() - Math.log(optimum.params()),
                budget.alongTokens(losses).parabola().vertex() - Math.log(optimum.tokens()));
    }

    /**
     * Approach 2's parabolas with the bias that {@code law} (approach 3 on the same points) says they have removed.
     * Refused where there is no reading by parabola, and where a budget is not constant in 6ND: there the law's optimum
     * is another.
     */
    public static Outcome<Corrected> corrected(IsoFlopTrends trends, LawPoints points, SurfaceLaw law) {
        BudgetMinima minima = new BudgetMinima();
        List<Shift> shifts = new ArrayList<>();
        for (IsoFlopBudget budget : trends.budgets()) {
            IsoFlopMinimum found = budget.parabola();
            if (found == null) {
                continue;
            }
            Shift shift = of(law, points, budget.members());
            if (!isSixNd(budget, points, shift.flops())) {
                return Outcome.refused(String.format(
                        Locale.ROOT,
                        "the runs of budget %.3g are not at C = 6ND, along which the bias is defined",
                        budget.flops()));
            }
            shifts.add(shift);
            minima.add(
                    budget.flops(),
                    BudgetMinimum.of(new IsoFlopMinimum(
                            found.params() * Math.exp(-shift.logParams()),
                            found.tokens() * Math.exp(-shift.logTokens()),
                            found.lossNats(),
                            found.spread())));
        }
        IsoFlopReading reading = minima.reading(0);
        return reading == null
                ? Outcome.refused("fewer than two budgets have a parabola to correct")
                : Outcome.found(new Corrected(shifts, reading, summary(shifts)));
    }

    private static boolean isSixNd(IsoFlopBudget budget, LawPoints points, double meanFlops) {
        return Math.abs(Math.log(meanFlops / budget.flops())) < Math.log(NEAR)
                && budget.members().stream()
                        .mapToDouble(i -> ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * points.params(i) * points.tokens(i))
                        .allMatch(c -> Math.abs(Math.log(c / meanFlops)) < Math.log(STRETCH));
    }

    private static String summary(List<Shift> shifts) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Shift shift : shifts) {
            least = Math.min(least, Math.expm1(shift.logTokens()));
            most = Math.max(most, Math.expm1(shift.logTokens()));
        }
        return String.format(
                Locale.ROOT,
                "the parabolas' D* is biased by %+.2f %% to %+.2f %% over %d budgets; removed",
                100 * least,
                100 * most,
                shifts.size());
    }
}
