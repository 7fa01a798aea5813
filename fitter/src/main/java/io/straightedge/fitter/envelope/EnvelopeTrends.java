package io.straightedge.fitter.envelope;

import io.straightedge.fitter.law.PowerTrend;
import io.straightedge.protocol.law.Allocation;
import java.util.List;

/**
 * What approach 1 found.
 *
 * @param params N*(C), with the exponent a
 * @param tokens D*(C), with the exponent b
 * @param envelope the points that the trends go through, by rising C
 * @param sizes how many different N are on it
 * @param annealed whether its points come from the end of their schedule; otherwise the trends are no law of finished
 *     runs
 * @param diagnostics doubts, in words
 */
public record EnvelopeTrends(
        PowerTrend params,
        PowerTrend tokens,
        List<Allocation> envelope,
        int sizes,
        boolean annealed,
        List<String> diagnostics) {

    public EnvelopeTrends {
        envelope = List.copyOf(envelope);
        diagnostics = List.copyOf(diagnostics);
    }
}
