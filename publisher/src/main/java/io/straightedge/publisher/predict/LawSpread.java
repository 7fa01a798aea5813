package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.LawUncertainty;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.signal.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Intervals of what a fitted law says: {@link LawUncertainty}, the scatter of runs, and Student's quantiles.
 *
 * <p>Positive quantities get intervals on their logarithm, value * exp(+-t sd); losses get L +- t sd. The scatter of runs
 * about the law is the weighted root mean square of log(L/law) times sqrt(n/(n-5)), with n - 5 degrees of freedom (at
 * least 1) for n points; intervals of a run's loss hold it, sd = hypot(sd of the law, L * scatter), for they are of a run
 * and not of the mean of runs. O(n) to make, O(1) to ask. Without a finite covariance every bound is NaN. Immutable.
 */
final class LawSpread {

    private static final int SIZE = 5;

    /** Places in the law's order (a, b, e, alpha, beta). */
    private static final int E = 2;

    private static final int ALPHA = 3;
    private static final int BETA = 4;

    private final ChinchillaLaw law;
    private final List<List<Double>> covariance;
    private final @Nullable LawUncertainty uncertainty;
    private final double scatter;
    private final StudentQuantiles quantiles;

    private LawSpread(ChinchillaLaw law, List<List<Double>> covariance, double scatter, int degrees) {
        this.law = law;
        this.covariance = covariance;
        this.uncertainty = usable(covariance) ? new LawUncertainty(law, covariance) : null;
        this.scatter = scatter;
        this.quantiles = StudentQuantiles.of(degrees);
    }

    /** Null when the estimate has no law. */
    static @Nullable LawSpread of(LawEstimate estimate) {
        if (!(estimate.law() instanceof ChinchillaLaw law)) {
            return null;
        }
        double weights = 0;
        double squares = 0;
        int count = 0;
        for (LawPoint point : estimate.points()) {
            double residual = Math.log(point.loss() / law.loss(point.params(), point.tokens()));
            if (point.weight() > 0 && Double.isFinite(residual)) {
                weights += point.weight();
                squares += point.weight() * residual * residual;
                count++;
            }
        }
        int degrees = Math.max(1, count - SIZE);
        double scatter = weights > 0 ? Math.sqrt(squares / weights * count / degrees) : Double.NaN;
        return new LawSpread(law, estimate.covariance(), scatter, degrees);
    }

    ChinchillaLaw law() {
        return law;
    }

    /** Whether a covariance that intervals can be made of came with the law. */
    boolean known() {
        return uncertainty != null;
    }

    /** Relative standard deviation of a run's final loss about the law. */
    double scatter() {
        return scatter;
    }

    /** The loss of a run of {@code params} on {@code tokens}, with the scatter of runs. */
    Forecast loss(double params, double tokens) {
        double mean = law.loss(params, tokens);
        double deviation = Math.hypot(sdLoss(params, tokens), mean * scatter);
        return Forecast.symmetric(
                mean,
                deviation,
                quantiles.half50() * deviation,
                quantiles.half80() * deviation,
                quantiles.half95() * deviation);
    }

    /** The same as an interval of a recommendation. */
    Interval lossInterval(double params, double tokens) {
        Forecast forecast = loss(params, tokens);
        return new Interval(
                forecast.mean(), forecast.lower80(), forecast.upper80(), forecast.lower95(), forecast.upper95());
    }

    /** The law itself at N and D, without the scatter of runs. */
    Interval lawInterval(double params, double tokens) {
        return symmetric(law.loss(params, tokens), sdLoss(params, tokens));
    }

    Interval params(double flops) {
        Allocation optimum = law.optimum(flops);
        return positive(optimum.params(), sdLogParams(flops));
    }

    Interval tokens(double flops) {
        Allocation optimum = law.optimum(flops);
        return positive(optimum.tokens(), sdLogParams(flops));
    }

    Interval tokensPerParam(double flops) {
        Allocation optimum = law.optimum(flops);
        return positive(optimum.tokensPerParam(), 2 * sdLogParams(flops));
    }

    /** G: N* at C = 6, where log(C/6) is 0. */
    Interval scaleG() {
        return positive(law.scaleG(), sdLogParams(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN));
    }

    /** beta/(alpha+beta). */
    Interval exponentOfParams() {
        return symmetric(law.exponentOfParams(), uncertainty == null ? Double.NaN : uncertainty.sdExponentOfParams());
    }

    Interval irreducible() {
        return positive(law.E(), sdOfLogCoefficient(E));
    }

    Interval alpha() {
        return symmetric(law.alpha(), sdOfLogCoefficient(ALPHA));
    }

    Interval beta() {
        return symmetric(law.beta(), sdOfLogCoefficient(BETA));
    }

    private double sdLoss(double params, double tokens) {
        return uncertainty == null ? Double.NaN : uncertainty.sdLoss(params, tokens);
    }

    private double sdLogParams(double flops) {
        return uncertainty == null ? Double.NaN : uncertainty.sdLogParams(flops);
    }

    private double sdOfLogCoefficient(int index) {
        return uncertainty == null
                ? Double.NaN
                : Math.sqrt(Math.max(0, covariance.get(index).get(index)));
    }

    private static boolean usable(List<List<Double>> covariance) {
        return covariance.size() == SIZE
                && covariance.stream()
                        .allMatch(row -> row.size() == SIZE && row.stream().allMatch(Double::isFinite));
    }

    private Interval symmetric(double value, double deviation) {
        double half80 = quantiles.half80() * deviation;
        double half95 = quantiles.half95() * deviation;
        return new Interval(value, value - half80, value + half80, value - half95, value + half95);
    }

    private Interval positive(double value, double logDeviation) {
        double factor80 = Math.exp(quantiles.half80() * logDeviation);
        double factor95 = Math.exp(quantiles.half95() * logDeviation);
        return new Interval(value, value / factor80, value * factor80, value / factor95, value * factor95);
    }
}
