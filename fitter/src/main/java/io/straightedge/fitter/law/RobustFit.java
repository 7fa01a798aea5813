package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.RunLaw;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The robust fit of a form: starts, {@link Polish}, certificate, covariance.
 *
 * <p>The best end wins, ties by order. A fit at a boundary, badly conditioned or on collinear points is handed back
 * with its doubts; refused are layouts that {@link Doubts} refuses, and an end that is no law (an exponent not above
 * zero).
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, section D.2, for the objective"
 */
final class RobustFit implements LawEstimator {

    /** Rise of the mean objective at which a warm refit no longer trusts its basin. */
    private static final double WORSE = 1.1;
    /** Up to so many points a full restart costs a millisecond or two, and is made whenever their number changes. */
    private static final int CHEAP = 500;

    private final String name;
    private final RunLaw form;
    private final Function<LawPoints, RobustObjective> objective;
    private final BiFunction<LawPoints, RobustObjective, List<double[]>> starts;

    /**
     * @param form any law of the form
     * @param starts where to begin, in the objective's coordinates; at least one
     */
    RobustFit(
            String name,
            RunLaw form,
            Function<LawPoints, RobustObjective> objective,
            BiFunction<LawPoints, RobustObjective, List<double[]>> starts) {
        this.name = name;
        this.form = form;
        this.objective = objective;
        this.starts = starts;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Outcome<LawFit> fit(LawPoints points, FitOptions options) {
        String reason = Doubts.refusal(points, form.size());
        if (reason != null) {
            return Outcome.refused(reason);
        }
        RobustObjective problem = objective.apply(points);
        problem.delta(options.delta());
        List<double[]> from = starts.apply(points, problem);
        return finish(points, problem, polish(problem, points, options).all(from), options);
    }

    /**
     * A polish of each known basin at the exact bound. Falls back to {@link #fit} when the end is no law or not
     * certified by its gradient, lies on a plateau, when the mean objective has risen by more than a tenth, or when the
     * number of points has changed and a restart is cheap.
     *
     * <p>On a plateau a term has vanished: the gradient with it, and no descent comes back from there, better optimum
     * or not. It shows as a boundary, or as a coefficient that the points leave open.
     */
    @Override
    public Outcome<LawFit> refit(LawFit previous, LawPoints points, FitOptions options) {
        String reason = Doubts.refusal(points, form.size());
        if (reason != null) {
            return Outcome.refused(reason);
        }
        if (points.size() <= CHEAP && points.size() != previous.points()) {
            return fit(points, options);
        }
        RobustObjective problem = objective.apply(points);
        List<Polish.End> ends = polish(problem, points, options)
                .warm(previous.certificate().basins().stream()
                        .map(basin -> problem.coordinates(array(basin.theta())))
                        .toList());
        double mean = ends.get(0).objective() / points.size();
        double meanBefore = previous.objective() / previous.points();
        Outcome<LawFit> warm = finish(points, problem, ends, options);
        boolean trusted = mean <= WORSE * meanBefore + 1e-12
                && warm instanceof Outcome.Found<LawFit> found
                && holds(found.value().certificate());
        return trusted ? warm : fit(points, options);
    }

    private static boolean holds(Certificate certificate) {
        return certificate.certified()
                && certificate.boundaries().isEmpty()
                && certificate.condition() < Doubts.BAD_CONDITION;
    }

    @Override
    public double @Nullable [] optimum(LawPoints points, FitOptions options, List<List<Double>> from) {
        RobustObjective problem = objective.apply(points);
        List<double[]> begin =
                from.stream().map(theta -> problem.coordinates(array(theta))).toList();
        Polish.End best = polish(problem, points, options).all(begin).get(0);
        double[] theta = problem.theta(best.coordinates());
        return LawHuber.law(form, theta) == null ? null : theta;
    }

    /** @param ends sorted, best first */
    private Outcome<LawFit> finish(
            LawPoints points, RobustObjective problem, List<Polish.End> ends, FitOptions options) {
        Polish.End end = ends.get(0);
        double[] theta = problem.theta(end.coordinates());
        RunLaw law = LawHuber.law(form, theta);
        if (law == null || !Double.isFinite(end.objective())) {
            return Outcome.refused(
                    "the losses do not fall with parameters and tokens as in this law: the best fit has an exponent or"
                            + " a coefficient that is not above zero");
        }
        LawCovariance covariance = problem.covariance(end.coordinates(), options);
        Certificate certificate = new Certificate(
                end.gradientNorm(),
                covariance.condition(),
                ends.size(),
                Polish.basins(ends, problem),
                Doubts.boundaries(points, law));
        return Outcome.found(LawFit.of(
                name,
                law,
                theta,
                problem.ofTheta(covariance.matrix(), end.coordinates()),
                covariance.sigma(),
                end.objective(),
                certificate,
                points.size(),
                Doubts.of(points, certificate, covariance.sigma())));
    }

    private static Polish polish(RobustObjective problem, LawPoints points, FitOptions options) {
        return new Polish(problem, options.delta(), points);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
