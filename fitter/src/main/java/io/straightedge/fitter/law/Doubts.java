package io.straightedge.fitter.law;

import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.GammaLaw;
import io.straightedge.protocol.law.KaplanLaw;
import io.straightedge.protocol.law.OvertrainingLaw;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the layout of the points allows, and what speaks against a fit, in words. Functions of their arguments. */
public final class Doubts {

    private static final double LEAST_DECADES = 0.5;
    /** Above this the condition of the scaled normal matrix leaves no digit of A and alpha that could be trusted. */
    static final double BAD_CONDITION = 1e9;

    private static final double COLLINEAR = 0.995;
    /** E below this part of the least loss has run into its boundary. */
    private static final double LEAST_FLOOR = 1e-3;
    /** Exponents that were published of language models lie between .04 and .8. */
    private static final double LEAST_EXPONENT = 0.01;

    private static final double MOST_EXPONENT = 1;
    /**
     * Seeds differ by .1 %, recipes by 1 %: above this the points are barely trained, of several units or of several
     * laws.
     */
    private static final double MISFIT = 0.03;

    private Doubts() {}

    /** Why no law L(N, D) of {@code coefficients} can be fitted; null when one can. */
    public static @Nullable String refusal(LawPoints points, int coefficients) {
        int places = places(points, coefficients + 1);
        if (places <= coefficients) {
            String where =
                    places == points.size() ? "" : " at " + places + (places == 1 ? " pair" : " pairs") + " of N and D";
            return points.size() + " points" + where + ": a law of " + NUMBERS[coefficients]
                    + " coefficients needs at least " + (coefficients + 1);
        }
        int runs = (int) IntStream.range(0, points.size())
                .map(points::run)
                .distinct()
                .limit(coefficients + 1L)
                .count();
        if (runs <= coefficients) {
            // Points along one curve share its noise and its recipe: they are no substitute for runs.
            return points.size() + " points of " + runs + (runs == 1 ? " run" : " runs") + ": a law of "
                    + NUMBERS[coefficients] + " coefficients needs at least " + (coefficients + 1) + " runs";
        }
        if (points.decadesOfParams() < LEAST_DECADES) {
            return "the runs span less than half a decade of parameters";
        }
        if (points.decadesOfTokens() < LEAST_DECADES) {
            return "the runs span less than half a decade of tokens";
        }
        return null;
    }

    /**
     * How many different (N, D) there are, counted up to {@code enough}: another seed at one place says nothing of the
     * slopes.
     */
    private static int places(LawPoints points, int enough) {
        Set<List<Double>> places = new HashSet<>();
        for (int i = 0; i < points.size() && places.size() < enough; i++) {
            places.add(List.of(points.params(i), points.tokens(i)));
        }
        return places.size();
    }

    private static final String[] NUMBERS = {
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"
    };

    /** The boundaries that a law touches; one without an irreducible loss has none. */
    static List<String> boundaries(LawPoints points, RunLaw law) {
        double leastLoss = Double.POSITIVE_INFINITY;
        for (int i = 0; i < points.size(); i++) {
            leastLoss = Math.min(leastLoss, points.loss(i));
        }
        double irreducible = law.irreducible();
        List<String> touched = new ArrayList<>();
        if (law.names().contains("E") && irreducible < LEAST_FLOOR * leastLoss) {
            touched.add("E is at its boundary of zero: the losses show no floor");
        }
        if (irreducible > (1 - LEAST_FLOOR) * leastLoss) {
            touched.add("E has reached the least loss observed");
        }
        exponents(law).forEach((variable, exponent) -> {
            if (!(exponent >= LEAST_EXPONENT)) {
                touched.add(String.format(
                        Locale.ROOT,
                        "the exponent of %s has run to zero (%.1e): no power is seen",
                        variable,
                        exponent));
            }
            if (exponent > MOST_EXPONENT) {
                touched.add(String.format(
                        Locale.ROOT,
                        "the exponent of %s has run away (%.3g): a step, or a few points that decide alone",
                        variable,
                        exponent));
            }
        });
        return touched;
    }

    /** The powers with which the loss falls in N and D, of the forms that have one each. */
    private static Map<String, Double> exponents(RunLaw law) {
        Map<String, Double> exponents = new LinkedHashMap<>();
        if (law instanceof ChinchillaLaw chinchilla) {
            exponents.put("N", chinchilla.alpha());
            exponents.put("D", chinchilla.beta());
        } else if (law instanceof GammaLaw gamma) {
            exponents.put("N", gamma.alpha() * gamma.gamma());
            exponents.put("D", gamma.beta() * gamma.gamma());
        } else if (law instanceof OvertrainingLaw overtraining) {
            exponents.put("N and D", 2 * overtraining.eta());
        } else if (law instanceof KaplanLaw kaplan) {
            exponents.put("N", kaplan.alphaN());
            exponents.put("D", kaplan.alphaD());
        }
        return exponents;
    }

    /**
     * Doubts about a fit of L(N, D).
     *
     * @param sigma robust standard deviation of a log residual of weight 1
     */
    static List<String> of(LawPoints points, Certificate certificate, double sigma) {
        List<String> doubts = new ArrayList<>(certificate.boundaries());
        if (sigma > MISFIT) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "the law misses the points by %.1f %% as a rule: it does not hold over all of them",
                    100 * sigma));
        }
        if (!(certificate.condition() < BAD_CONDITION)) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "the points hardly determine the coefficients (condition %.1e): trust predictions near them only",
                    certificate.condition()));
        }
        if (Math.abs(correlation(points)) > COLLINEAR) {
            doubts.add("parameters and tokens move together: their exponents cannot be told apart, nor a recommendation"
                    + " trusted");
        }
        if (points.decadesOfParams() < 1 || points.decadesOfTokens() < 1) {
            doubts.add("the runs span less than one decade of parameters or tokens");
        }
        if (!certificate.certified()) {
            doubts.add("the gradient at the optimum is not zero to working precision");
        }
        return doubts;
    }

    /** Of log N and log D. */
    private static double correlation(LawPoints points) {
        double[] x = new double[points.size()];
        double[] y = new double[points.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.log(points.params(i));
            y[i] = Math.log(points.tokens(i));
        }
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }
}
