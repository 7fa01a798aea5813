package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.law.LawPoints;
import java.util.Arrays;
import java.util.Random;

/** The points of one budget, as approach 2 looks at them: ln N, ln D, L and weight, all [n]. Immutable. */
final class BudgetPoints {

    private final double flops;
    private final int[] members;
    private final double[] logParams;
    private final double[] logTokens;
    private final double[] loss;
    private final double[] weight;

    /** The points at {@code members}, whose budget is {@code flops}. */
    BudgetPoints(LawPoints points, int[] members, double flops) {
        this.flops = flops;
        this.members = members;
        logParams = Arrays.stream(members)
                .mapToDouble(i -> Math.log(points.params(i)))
                .toArray();
        logTokens = Arrays.stream(members)
                .mapToDouble(i -> Math.log(points.tokens(i)))
                .toArray();
        loss = Arrays.stream(members).mapToDouble(points::loss).toArray();
        weight = Arrays.stream(members).mapToDouble(points::weight).toArray();
    }

    double flops() {
        return flops;
    }

    int[] members() {
        return members;
    }

    Valley alongParams() {
        return alongParams(loss);
    }

    /** With other losses [n]. */
    Valley alongParams(double[] losses) {
        return Valley.of(logParams, losses, weight);
    }

    Valley alongTokens() {
        return alongTokens(loss);
    }

    /** With other losses [n]. */
    Valley alongTokens(double[] losses) {
        return Valley.of(logTokens, losses, weight);
    }

    /** The losses as other seeds would have given them, [draws][n]; never below a hundredth of what they are. */
    double[][] reseeded(SeedNoise noise, int draws, Random random) {
        double[][] out = new double[draws][loss.length];
        for (double[] draw : out) {
            for (int i = 0; i < loss.length; i++) {
                draw[i] = Math.max(0.01 * loss[i], loss[i] + noise.sd(loss[i]) * random.nextGaussian());
            }
        }
        return out;
    }
}
