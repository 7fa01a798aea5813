package io.straightedge.deploy.backtest.alarm;

import io.straightedge.publisher.rule.RuleBook;
import org.jspecify.annotations.Nullable;

/**
 * What is tested, and how.
 *
 * @param rules by which deviations become alerts
 * @param secondsPerObservation how often runs log; null for {@value Cadence#SECONDS_PER_STEP} seconds a step
 * @param injections faults of each kind put into each long run; 0 for none
 * @param seed of the places where they begin
 */
public record AlarmChoices(
        RuleBook rules, @Nullable Double secondsPerObservation, int injections, long seed, int threads) {

    public AlarmChoices {
        if (secondsPerObservation != null && !(secondsPerObservation > 0 && secondsPerObservation < 1e9)) {
            throw new IllegalArgumentException(
                    "seconds per observation are " + secondsPerObservation + ": they must be above 0");
        }
        if (injections < 0) {
            throw new IllegalArgumentException("injections is " + injections + ": it must not be negative");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ": it must be at least 1");
        }
    }
}
