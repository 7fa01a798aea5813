package io.straightedge.deploy.backtest;

import java.util.Arrays;
import java.util.List;

/** A way to forecast a final loss. */
public enum Method {
    /** The live lane's own forecast. */
    STRAIGHTEDGE("straightedge"),
    /** The mean of the last 2 % of the plan's steps that were seen. */
    LAST_VALUE("last-value"),
    /** A power law of steps, blind to the learning rate. */
    POWER_LAW("power-law"),
    /** The Multi-Power-Law of the learning rate, fitted freely. */
    MULTI_POWER_LAW("multi-power-law");

    private final String label;

    Method(String label) {
        this.label = label;
    }

    /** Its name in reports. */
    public String label() {
        return label;
    }

    /** The method of a name. */
    public static Method of(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no method " + label + ": it must be one of " + labels()));
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Method::label).toList();
    }
}
