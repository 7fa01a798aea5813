package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.LawPoints;
import io.straightedge.protocol.law.ScalingLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Whether N and D look as if they counted thousands, millions or billions. A law does not mind; FLOPs from 6ND do. */
final class UnitDoubts {

    /** The largest run of no ladder worth a law has so few parameters or tokens. */
    private static final double LEAST = 1e5;

    private static final double THOUSAND = 1e3;
    private static final double NEAR = 1.1;

    private UnitDoubts() {}

    /** In words; empty where there are none. */
    static List<String> of(LawPoints points) {
        List<String> doubts = new ArrayList<>();
        few("N", sorted(points, points::params), doubts);
        few("D", sorted(points, points::tokens), doubts);
        double[] ratios = sorted(
                points,
                i -> points.flops(i) / (ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * points.params(i) * points.tokens(i)));
        double median = ratios[ratios.length / 2];
        double folds = Math.log(median) / Math.log(THOUSAND);
        boolean power = Math.abs(Math.log(median) - Math.rint(folds) * Math.log(THOUSAND)) < Math.log(NEAR);
        if (Math.abs(Math.rint(folds)) >= 1 && power) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "C is %.0e times 6ND, a power of a thousand: a column is in thousands, millions or billions; write"
                            + " the numbers out",
                    median));
        }
        return doubts;
    }

    private static void few(String name, double[] sorted, List<String> doubts) {
        double largest = sorted[sorted.length - 1];
        if (largest < LEAST) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "the largest %s is %.4g: if that counts millions or billions, write the numbers out, for C = 6ND"
                            + " is in FLOPs",
                    name,
                    largest));
        }
    }

    private static double[] sorted(LawPoints points, IntToDoubleFunction of) {
        return IntStream.range(0, points.size()).mapToDouble(of).sorted().toArray();
    }
}
