package io.straightedge.deploy.offline;

import io.straightedge.fitter.law.FitOptions;
import io.straightedge.protocol.run.ParameterCount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to fit.
 *
 * @param approach 3 for laws of N and D; 2 for the least losses of budgets, 1 for the envelope of curves, which say how
 *     N* and D* grow with C and nothing of the loss
 * @param laws names of estimators; several compete by their error on held-out budgets
 * @param options of the robust fit
 * @param resamples of the bootstrap; 0 for none
 * @param seed of the bootstrap
 * @param holdOutBudgets how many of the largest budgets the law is tested on; 0 for none
 * @param budgetsFlops to give the optimum for; empty for 10 and 100 times the largest in the data
 * @param annealed whether the learning rate had come down at every point, for approach 1 where the files do not say
 * @param paramsCount what N counts; null when nobody says
 */
public record FitChoices(
        int approach,
        List<String> laws,
        FitOptions options,
        int resamples,
        long seed,
        int holdOutBudgets,
        List<Double> budgetsFlops,
        boolean annealed,
        @Nullable ParameterCount paramsCount) {

    private static final int MOST_RESAMPLES = 1_000_000;

    public FitChoices {
        laws = List.copyOf(laws);
        budgetsFlops = List.copyOf(budgetsFlops);
        if (approach < 1 || approach > 3) {
            throw new IllegalArgumentException("--approach " + approach + ": it must be 1, 2 or 3");
        }
        if (laws.isEmpty()) {
            throw new IllegalArgumentException("no law to fit");
        }
        if (resamples < 0 || resamples > MOST_RESAMPLES) {
            throw new IllegalArgumentException("--bootstrap " + resamples + ": it must be from 0 to " + MOST_RESAMPLES);
        }
        if (holdOutBudgets < 0) {
            throw new IllegalArgumentException("--hold-out-budgets " + holdOutBudgets + ": it must not be negative");
        }
        for (double budget : budgetsFlops) {
            if (!(budget > 0) || Double.isInfinite(budget)) {
                throw new IllegalArgumentException("--budget " + budget + ": it must be a finite number above 0");
            }
        }
    }
}
