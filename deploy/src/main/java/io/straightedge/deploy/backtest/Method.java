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
    MULTI_POWER_LAW("multi-power-law"),
    /** The live lane's law of one run, under what the study has taught of its coefficients. */
    LAW("law"),
    /** What the recipe alone says, by a regression on the finished runs; no curve is looked at. */
    RECIPE("recipe");

    private static final List<Method> USUAL = List.of(STRAIGHTEDGE, LAST_VALUE, POWER_LAW, MULTI_POWER_LAW);

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

    /** Names of those that are compared when nobody chooses. */
    public static List<String> usual() {
        return USUAL.stream().map(Method::label).toList();
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Method::label).toList();
    }
}
