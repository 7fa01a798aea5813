package io.straightedge.fitter.law;

import io.straightedge.protocol.law.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The points at which a law of one variable can be read, the others not being the bottleneck.
 *
 * <p>L(N) is the loss of N on unlimited data: of each N the points of the most tokens. L(D) is that of an unlimited
 * model: of each D, to a tenth, the points of the largest N. L(C) is that of the best allocation: of each C = 6ND, to a
 * tenth, the points of the least loss, where less compute has not reached it already. Points that tie are all kept. O(n
 * log n).
 *
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.1 to 1.3"
 */
final class Frontier {

    private Frontier() {}

    /** The points of {@code variable}'s frontier, in their order. */
    static LawPoints of(LawPoints points, Variable variable) {
        double[] x = new double[points.size()];
        Arrays.setAll(x, i -> variable.of(points.params(i), points.tokens(i)));
        IntToDoubleFunction merit = switch (variable) {
            case PARAMS -> points::tokens;
            case TOKENS -> points::params;
            case COMPUTE -> i -> -points.loss(i);
        };
        List<Integer> chosen = new ArrayList<>();
        double reached = Double.NEGATIVE_INFINITY;
        for (int[] group : variable == Variable.PARAMS ? equal(x) : Chains.cells(x)) {
            double best = Arrays.stream(group).mapToDouble(merit).max().orElseThrow();
            if (variable == Variable.COMPUTE && best <= reached) {
                continue;
            }
            reached = best;
            Arrays.stream(group).filter(i -> merit.applyAsDouble(i) == best).forEach(chosen::add);
        }
        return points.select(
                chosen.stream().mapToInt(Integer::intValue).sorted().toArray());
    }

    /** What {@link #of} keeps, in words. */
    static String rule(Variable variable) {
        return switch (variable) {
            case PARAMS -> "the most tokens of each N, as L(N) is at unlimited data";
            case TOKENS -> "the largest N of each D, as L(D) is of an unlimited model";
            case COMPUTE -> "the least loss of each C, as L(C) is of the best allocation";
        };
    }

    private static List<int[]> equal(double[] values) {
        return Arrays.stream(values)
                .distinct()
                .mapToObj(v -> IntStream.range(0, values.length)
                        .filter(i -> values[i] == v)
                        .toArray())
                .toList();
    }
}
