package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert.Severity;

/**
 * How one rule is set.
 *
 * @param enabled whether its findings become alerts at all
 * @param most the highest severity that it may have
 * @param afterObservations observations from the onset on before it is told; counts as reached where it is not known
 * @param afterSeconds time from the onset on before it is told; counts as reached where times are not known
 * @param oncePer how rare it must be before it is told: a healthy run shows it once in so many observations; counts as
 *     reached where it is not known
 * @param pageNats size from which it matters whatever it costs
 * @param pageShare share of the run's compute from which it matters whatever its size
 */
public record RuleSettings(
        boolean enabled,
        Severity most,
        long afterObservations,
        double afterSeconds,
        double oncePer,
        double pageNats,
        double pageShare) {

    /** Size from which a deviation matters: about a tenth more compute for models of 1e9 to 1e11 parameters. */
    static final double PAGE_NATS = 0.05;

    /** Share of the run's compute from which a deviation matters. */
    static final double PAGE_SHARE = 0.02;

    /** Critical at most, told as soon as it is found. */
    static final RuleSettings AT_ONCE = new RuleSettings(true, Severity.CRITICAL, 1, 0, 0, PAGE_NATS, PAGE_SHARE);

    public RuleSettings {
        if (afterObservations < 0 || !(afterSeconds >= 0) || !(oncePer >= 0) || !(pageNats >= 0) || !(pageShare >= 0)) {
            throw new IllegalArgumentException("a rule's numbers must not be negative");
        }
    }

    RuleSettings most(Severity severity) {
        return new RuleSettings(enabled, severity, afterObservations, afterSeconds, oncePer, pageNats, pageShare);
    }

    RuleSettings afterObservations(long observations) {
        return new RuleSettings(enabled, most, observations, afterSeconds, oncePer, pageNats, pageShare);
    }

    RuleSettings afterSeconds(double seconds) {
        return new RuleSettings(enabled, most, afterObservations, seconds, oncePer, pageNats, pageShare);
    }

    RuleSettings pageNats(double nats) {
        return new RuleSettings(enabled, most, afterObservations, afterSeconds, oncePer, nats, pageShare);
    }
}
