package io.straightedge.fitter.isoflop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What approach 2 found; at least one of the two readings is there.
 *
 * @param parabola through the vertices of the parabolas; null where fewer than two budgets have one
 * @param akima through the minima of Akima's splines; null likewise
 * @param budgets by rising C, those discarded whole left out
 * @param discarded what was left out and why, in words
 * @param diagnostics doubts, in words
 */
public record IsoFlopTrends(
        @Nullable IsoFlopReading parabola,
        @Nullable IsoFlopReading akima,
        List<IsoFlopBudget> budgets,
        List<String> discarded,
        List<String> diagnostics) {

    public IsoFlopTrends {
        budgets = List.copyOf(budgets);
        discarded = List.copyOf(discarded);
        diagnostics = List.copyOf(diagnostics);
    }
}
