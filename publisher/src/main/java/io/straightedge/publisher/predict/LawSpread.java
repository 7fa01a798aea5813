package io.straightedge.publisher.predict;

import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.LawUncertainty;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Intervals of what a fitted law of N and D says: {@link LawUncertainty}, the scatter of runs, and Student's quantiles.
 *
 * <p>Positive quantities get intervals on their logarithm, value * exp(+-t sd); losses get L +- t sd. The scatter of
 * runs about the law is the weighted root mean square of log(L/law) times sqrt(n/(n-p)), with n - p degrees of freedom
 * (at least 1) for n points and p coefficients; intervals of a run's loss hold it, sd = hypot(sd of the law, L *
 * scatter), for they are of a run and not of the mean of runs. An estimate without points has its sigma for scatter and
 * normal quantiles. O(n) to make, O(1) to ask. Without a finite covariance every bound is NaN.
 *
 * <p>Where the estimate brings an {@link Extrapolation}, losses and their intervals are its own, since it was
 * calibrated on budgets held out; N* stays the law's, within the extrapolation's bounds. Immutable.
 */
final class LawSpread {

    /** Degrees of freedom at which Student's quantiles are the normal ones to 1e-6. */
    private static final int MANY = 1_000_000;

    private final SurfaceLaw law;
    private final List<List<Double>> covariance;
    private final @Nullable LawUncertainty uncertainty;
    private final @Nullable Extrapolation extrapolation;
    private final double scatter;
    private final StudentQuantiles quantiles;

    private LawSpread(
            SurfaceLaw law,
            List<List<Double>> covariance,
            @Nullable Extrapolation extrapolation,
            double scatter,
            int degrees) {
        this.law = law;
        this.covariance = covariance;
        this.uncertainty = Basin.usable(covariance, law.size()) ? new LawUncertainty(law, covariance) : null;
        this.extrapolation = extrapolation;
        this.scatter = scatter;
        this.quantiles = StudentQuantiles.of(degrees);
    }

    /** Null when the estimate has no law of N and D. */
    static @Nullable LawSpread of(LawEstimate estimate) {
        if (!(estimate.law() instanceof SurfaceLaw law)) {
            return null;
        }
        if (estimate.points().isEmpty()) {
            return new LawSpread(law, estimate.covariance(), estimate.extrapolation(), estimate.sigma(), MANY);
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
        int degrees = Math.max(1, count - law.size());
        double scatter = weights > 0 ? Math.sqrt(squares / weights * count / degrees) : Double.NaN;
        return new LawSpread(law, estimate.covariance(), estimate.extrapolation(), scatter, degrees);
    }

    SurfaceLaw law() {
        return law;
    }

    /** Whether something that intervals can be made of came with the law. */
    boolean known() {
        return uncertainty != null || extrapolation != null;
    }

    /** Relative standard deviation of a run's final loss about the law. */
    double scatter() {
        return scatter;
    }

    /** The loss of a run of {@code params} on {@code tokens}, with the scatter of runs. */
    Forecast loss(double params, double tokens) {
        if (extrapolation != null) {
            Extrapolation.Band half = extrapolation.run(params, tokens, 0.5);
            Extrapolation.Band most = extrapolation.run(params, tokens, 0.8);
            Extrapolation.Band nearlyAll = extrapolation.run(params, tokens, 0.95);
            return new Forecast(
                    half.value(),
                    half.value() * extrapolation.sdLogRun(params, tokens),
                    half.lower(),
                    half.upper(),
                    most.lower(),
                    most.upper(),
                    nearlyAll.lower(),
                    nearlyAll.upper());
        }
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
        if (extrapolation != null) {
            Extrapolation.Band most = extrapolation.law(params, tokens, 0.8);
            Extrapolation.Band nearlyAll = extrapolation.law(params, tokens, 0.95);
            return new Interval(most.value(), most.lower(), most.upper(), nearlyAll.lower(), nearlyAll.upper());
        }
        return symmetric(law.loss(params, tokens), sdLoss(params, tokens));
    }

    Interval params(double flops) {
        double best = law.optimum(flops).params();
        if (extrapolation != null) {
            Extrapolation.Band most = extrapolation.params(flops, 0.8);
            Extrapolation.Band nearlyAll = extrapolation.params(flops, 0.95);
            return new Interval(
                    best,
                    Math.min(best, most.lower()),
                    Math.max(best, most.upper()),
                    Math.min(best, nearlyAll.lower()),
                    Math.max(best, nearlyAll.upper()));
        }
        return positive(best, sdLogParams(flops));
    }

    /** C/6N over the interval of N. */
    Interval tokens(double flops) {
        return reciprocal(flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN, params(flops), 1);
    }

    /** C/6N^2 over the interval of N. */
    Interval tokensPerParam(double flops) {
        return reciprocal(flops / ScalingLaw.FLOPS_PER_PARAMETER_TOKEN, params(flops), 2);
    }

    private static Interval reciprocal(double product, Interval x, int power) {
        return new Interval(
                product / Math.pow(x.value(), power),
                product / Math.pow(x.upper80(), power),
                product / Math.pow(x.lower80(), power),
                product / Math.pow(x.upper95(), power),
                product / Math.pow(x.lower95(), power));
    }

    /**
     * How much higher the loss at N and D is than at the optimum of as much compute, nats per token; never below 0. The
     * errors that both share cancel, so that it is known better than either.
     */
    Interval excess(double params, double tokens) {
        Allocation best = law.optimum(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens);
        double[] here = new double[law.size()];
        double[] there = new double[law.size()];
        law.gradient(params, tokens, here);
        law.gradient(best.params(), best.tokens(), there);
        for (int i = 0; i < here.length; i++) {
            here[i] -= there[i];
        }
        double value = Math.max(0, law.loss(params, tokens) - best.loss());
        double deviation =
                uncertainty == null ? Double.NaN : Math.sqrt(Math.max(0, Basin.form(covariance, here, here)));
        Interval interval = symmetric(value, deviation);
        return new Interval(
                value,
                Math.max(0, interval.lower80()),
                interval.upper80(),
                Math.max(0, interval.lower95()),
                interval.upper95());
    }

    /** G of a Chinchilla law: N* at C = 6, where log(C/6) is 0. */
    Interval scaleG(ChinchillaLaw chinchilla) {
        return positive(chinchilla.scaleG(), sdLogParams(ScalingLaw.FLOPS_PER_PARAMETER_TOKEN));
    }

    /** d ln N* / d ln C at C, over a factor of e either way; the same at every C for a Chinchilla law. */
    Interval exponentOfParams(double flops) {
        double above = law.optimum(flops * Math.E).params();
        double below = law.optimum(flops / Math.E).params();
        return symmetric(
                Math.log(above / below) / 2, uncertainty == null ? Double.NaN : uncertainty.sdExponentOfParams(flops));
    }

    /** A positive quantity whose logarithm is a coefficient of the law. */
    Interval ofLog(double value, int index) {
        return positive(value, sdOfCoefficient(index));
    }

    /** A coefficient of the law as it is. */
    Interval of(double value, int index) {
        return symmetric(value, sdOfCoefficient(index));
    }

    private double sdLoss(double params, double tokens) {
        return uncertainty == null ? Double.NaN : uncertainty.sdLoss(params, tokens);
    }

    private double sdLogParams(double flops) {
        return uncertainty == null ? Double.NaN : uncertainty.sdLogParams(flops);
    }

    private double sdOfCoefficient(int index) {
        return uncertainty == null
                ? Double.NaN
                : Math.sqrt(Math.max(0, covariance.get(index).get(index)));
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
