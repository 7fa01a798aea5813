package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert.Severity;

/**
 * What a rule says of a finding as it stands.
 *
 * @param tell whether it is sure and rare enough to be told
 */
record Verdict(Severity severity, boolean tell) {

    /** Not above {@code most}. */
    Verdict atMost(Severity most) {
        return severity.compareTo(most) > 0 ? new Verdict(most, tell) : this;
    }
}
