package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.PowerLaw;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Kaplan's laws of one variable, L = (s/x)^a, through the points of its {@link Frontier}.
 *
 * <p>In logarithms a straight line: least squares, reweighted towards the exact objective of {@link PowerHuber},
 * polished on it. The problem is convex, so one start finds the optimum and a small gradient proves it. Refused are
 * fewer than three different x, less than half a decade of x, and losses that do not fall. The form has no irreducible
 * loss, which the fit says.
 *
 * @see "Kaplan et al. 2020, arXiv 2001.08361, eq. 1.1 to 1.3"
 */
public final class PowerFit implements LawEstimator {

    private static final int LEAST_VALUES = 3;
    private static final double LEAST_DECADES = 0.5;

    private final Variable variable;
    private final PowerLaw form;

    /** For L(N), L(D) or L(C). */
    public PowerFit(Variable variable) {
        this.variable = variable;
        form = new PowerLaw(variable, 1, 1);
    }

    /** {@code kaplan-n}, {@code kaplan-d} or {@code kaplan-c}. */
    @Override
    public String name() {
        return switch (variable) {
            case PARAMS -> "kaplan-n";
            case TOKENS -> "kaplan-d";
            case COMPUTE -> "kaplan-c";
        };
    }

    @Override
    public Outcome<LawFit> fit(LawPoints points, FitOptions options) {
        LawPoints chosen = Frontier.of(points, variable);
        double[] values = values(chosen);
        String reason = refusal(values);
        if (reason != null) {
            return Outcome.refused(reason);
        }
        PowerHuber problem = new PowerHuber(chosen, variable);
        problem.delta(options.delta());
        List<Polish.End> ends = new Polish(problem, options.delta(), chosen).all(List.of(problem.start()));
        Polish.End end = ends.get(0);
        double[] theta = problem.theta(end.coordinates());
        RunLaw law = LawHuber.law(form, theta);
        if (law == null) {
            return Outcome.refused("the losses do not fall with " + unit());
        }
        LawCovariance covariance = problem.covariance(end.coordinates(), options);
        Certificate certificate = new Certificate(
                end.gradientNorm(), covariance.condition(), ends.size(), Polish.basins(ends, problem), List.of());
        return Outcome.found(LawFit.of(
                name(),
                law,
                theta,
                problem.ofTheta(covariance.matrix(), end.coordinates()),
                covariance.sigma(),
                end.objective(),
                certificate,
                chosen.size(),
                doubts(points.size(), chosen.size(), values, certificate)));
    }

    @Override
    public double @Nullable [] optimum(LawPoints points, FitOptions options, List<List<Double>> starts) {
        LawPoints chosen = Frontier.of(points, variable);
        if (refusal(values(chosen)) != null) {
            return null;
        }
        PowerHuber problem = new PowerHuber(chosen, variable);
        List<double[]> from = starts.stream()
                .map(theta -> problem.coordinates(
                        theta.stream().mapToDouble(Double::doubleValue).toArray()))
                .toList();
        double[] theta = problem.theta(
                new Polish(problem, options.delta(), chosen).all(from).get(0).coordinates());
        return LawHuber.law(form, theta) == null ? null : theta;
    }

    /** The different x, rising. */
    private double[] values(LawPoints points) {
        double[] x = new double[points.size()];
        Arrays.setAll(x, i -> variable.of(points.params(i), points.tokens(i)));
        return Arrays.stream(x).sorted().distinct().toArray();
    }

    private @Nullable String refusal(double[] values) {
        if (values.length < LEAST_VALUES) {
            return values.length + " different values of " + unit() + ": a law of two coefficients needs at least "
                    + LEAST_VALUES;
        }
        return decades(values) < LEAST_DECADES ? "the runs span less than half a decade of " + unit() : null;
    }

    private List<String> doubts(int given, int used, double[] values, Certificate certificate) {
        List<String> doubts = new ArrayList<>();
        doubts.add("no irreducible loss: far enough out the law promises a loss of 0");
        if (used < given) {
            doubts.add(
                    String.format(Locale.ROOT, "rests on %d of %d points: %s", used, given, Frontier.rule(variable)));
        }
        if (decades(values) < 1) {
            doubts.add("the runs span less than one decade of " + unit());
        }
        if (!certificate.certified()) {
            doubts.add("the gradient at the optimum is not zero to working precision");
        }
        return doubts;
    }

    private String unit() {
        return switch (variable) {
            case PARAMS -> "parameters";
            case TOKENS -> "tokens";
            case COMPUTE -> "compute";
        };
    }

    private static double decades(double[] rising) {
        return Math.log10(rising[rising.length - 1] / rising[0]);
    }
}
