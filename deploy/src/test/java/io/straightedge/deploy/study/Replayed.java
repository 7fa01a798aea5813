package io.straightedge.deploy.study;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * How near the target was forecast while the pilots were made in some order.
 *
 * <p>Looked at whenever the FLOPs spent had grown by a tenth, and at the end. Rising in share.
 */
record Replayed(List<Step> steps) {

    /** Errors within this of the full set's, as part of the loss, are as good: laws miss held-out budgets by four times as much. */
    static final double TOLERANCE = 0.002;

    /** Errors are counted up to this part of the loss, and so where there is no law. */
    static final double MOST_ERROR = 0.05;

    /** Means begin where this share of the FLOPs is spent. */
    static final double LEAST_SHARE = 1e-3;

    private static final double GROWN = 1.1;

    /**
     * @param share of the FLOPs of all pilots spent
     * @param error of the target's loss, as part of it; NaN without a law
     */
    record Step(double share, double error) {}

    Replayed {
        steps = List.copyOf(steps);
    }

    /** By the law and by the forecast. */
    record Both(Replayed law, Replayed forecast) {}

    static Both of(PilotSet set, List<PilotRun> order) {
        List<PilotLaw> laws = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        double spent = 0;
        double looked = 0;
        for (int made = 1; made <= order.size(); made++) {
            spent += order.get(made - 1).flops() / set.flops();
            if (spent >= GROWN * looked || made == order.size()) {
                laws.add(PilotLaw.of(order.subList(0, made)));
                // The sum of the parts is 1 but for rounding.
                shares.add(made == order.size() ? 1 : spent);
                looked = spent;
            }
        }
        return new Both(
                steps(set, laws, shares, PilotLaw::errorOfLaw), steps(set, laws, shares, PilotLaw::errorOfForecast));
    }

    private static Replayed steps(
            PilotSet set, List<PilotLaw> laws, List<Double> shares, ToDoubleBiFunction<PilotLaw, PilotRun> error) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < laws.size(); i++) {
            steps.add(new Step(shares.get(i), error.applyAsDouble(laws.get(i), set.target())));
        }
        return new Replayed(steps);
    }

    /** Of the full set. */
    double errorAtEnd() {
        return steps.get(steps.size() - 1).error();
    }

    /** The share at which the error is first as good as the full set's. */
    double firstGood() {
        return steps.stream()
                .filter(this::good)
                .mapToDouble(Step::share)
                .findFirst()
                .orElse(1);
    }

    /** The share from which on it stays so. */
    double staysGood() {
        int at = steps.size() - 1;
        while (at > 0 && good(steps.get(at - 1))) {
            at--;
        }
        return steps.get(at).share();
    }

    private boolean good(Step step) {
        return Math.abs(step.error()) <= Math.abs(errorAtEnd()) + TOLERANCE;
    }

    /** Mean size of the error over the logarithm of the share spent, from {@value #LEAST_SHARE} to 1. */
    double meanError() {
        double sum = 0;
        double at = Math.log(LEAST_SHARE);
        double error = MOST_ERROR;
        for (Step step : steps) {
            double next = Math.max(at, Math.min(0, Math.log(step.share())));
            sum += error * (next - at);
            at = next;
            error = size(step);
        }
        return (sum - error * at) / -Math.log(LEAST_SHARE);
    }

    /** Size of the error once {@code share} is spent. */
    double errorAt(double share) {
        double error = MOST_ERROR;
        for (Step step : steps) {
            error = step.share() <= share ? size(step) : error;
        }
        return error;
    }

    private static double size(Step step) {
        return Double.isNaN(step.error()) ? MOST_ERROR : Math.min(MOST_ERROR, Math.abs(step.error()));
    }
}
