package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.RunLaw;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicts the largest budgets from the smaller ones, as a law will be used.
 *
 * <p>Points are taken in {@link BudgetGroups}. {@link #holdOut} leaves out the top few; {@link #rolling} leaves out
 * one, two ... up to {@value #MOST_CUTS} and asks of each fit the next two groups, so that laws are compared on what
 * they had not seen. Stateless.
 */
public final class RollingBackTest {

    private static final int MOST_CUTS = 5;
    private static final int LEAST_GROUPS = 3;
    private static final int GROUPS_AHEAD = 2;

    private RollingBackTest() {}

    /** The fit without the top {@code budgets} groups, and what it said of them; refused where too little is left. */
    public static Outcome<HoldOut> holdOut(LawEstimator estimator, LawPoints points, FitOptions options, int budgets) {
        BudgetGroups groups = BudgetGroups.of(points);
        int cut = groups.count() - budgets;
        if (budgets < 1 || cut < 1) {
            return Outcome.refused(HoldOut.cannot(groups.count(), budgets));
        }
        Outcome<LawFit> fit = estimator.fit(points.select(groups.between(0, cut)), options);
        if (fit instanceof Outcome.Found<LawFit> found) {
            LawPoints held = points.select(groups.between(cut, groups.count()));
            double ratio = groups.ratio(cut - 1, groups.count() - 1);
            return Outcome.found(HoldOut.of(budgets, ratio, held, found.value().law()));
        }
        return Outcome.refused("without the top " + budgets + " budgets: " + ((Outcome.Refused<LawFit>) fit).reason());
    }

    /**
     * The mean over several cuts, each point counted once for each cut that was asked of it; refused where no cut leaves
     * enough for a fit.
     */
    public static Outcome<HoldOut> rolling(LawEstimator estimator, LawPoints points, FitOptions options) {
        BudgetGroups groups = BudgetGroups.of(points);
        List<HoldOut.Predicted> predictions = new ArrayList<>();
        String reason = groups.count() + " groups of like compute: a back-test needs more than " + LEAST_GROUPS;
        double ratio = 1;
        int cuts = 0;
        for (int cut = groups.count() - 1; cut >= LEAST_GROUPS && cuts < MOST_CUTS; cut--) {
            Outcome<LawFit> fit = estimator.fit(points.select(groups.between(0, cut)), options);
            if (fit instanceof Outcome.Refused<LawFit> refused) {
                reason = refused.reason();
                break;
            }
            int to = Math.min(groups.count(), cut + GROUPS_AHEAD);
            RunLaw law = ((Outcome.Found<LawFit>) fit).value().law();
            predictions.addAll(HoldOut.predictions(points.select(groups.between(cut, to)), law));
            ratio = Math.max(ratio, groups.ratio(cut - 1, to - 1));
            cuts++;
        }
        return predictions.isEmpty()
                ? Outcome.refused(reason)
                : Outcome.found(HoldOut.of(cuts, ratio, Double.NaN, predictions));
    }
}
