package io.straightedge.deploy.offline;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.ScalingLaw;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A law as scripts see it: its form, the variable of a law of one, and its coefficients by name at full precision. The
 * names are those of the law's own JSON, through which it goes both ways.
 */
record Coefficients(String form, @Nullable String variable, Map<String, Double> values) {

    private static final String FORM = "form";
    private static final String VARIABLE = "variable";

    static Coefficients of(RunLaw law) {
        Map<String, Double> values = new TreeMap<>();
        Map<?, ?> fields = fields(law);
        collect(fields, values);
        Object variable = fields.get(VARIABLE);
        return new Coefficients(
                String.valueOf(fields.get(FORM)), variable == null ? null : String.valueOf(variable), values);
    }

    /** Those of a law within the law, such as the base of a data-constrained one, too. */
    private static void collect(Map<?, ?> fields, Map<String, Double> values) {
        fields.forEach((name, value) -> {
            if (value instanceof Number number) {
                values.put(String.valueOf(name), number.doubleValue());
            } else if (value instanceof Map<?, ?> inner) {
                collect(inner, values);
            }
        });
    }

    /**
     * The law itself, unless it has another within it.
     *
     * @throws IllegalArgumentException where these are no coefficients of the form
     */
    ScalingLaw law() {
        Map<String, Object> fields = new LinkedHashMap<>(values);
        fields.put(FORM, form);
        if (variable != null) {
            fields.put(VARIABLE, variable);
        }
        try {
            return Json.read(Json.write(fields), ScalingLaw.class);
        } catch (MessageException e) {
            String reason = String.valueOf(e.getMessage()).replaceAll(" \\(set .*", "");
            throw new IllegalArgumentException("no law of form " + form + " with " + values + ": " + reason, e);
        }
    }

    private static Map<?, ?> fields(RunLaw law) {
        try {
            // As a ScalingLaw, whose JSON has the form; a record by itself has none.
            return Json.read(Json.write(new Holder(law)), Held.class).law();
        } catch (MessageException e) {
            throw new IllegalArgumentException("a law's own JSON cannot be read", e);
        }
    }

    private record Holder(ScalingLaw law) {}

    private record Held(Map<String, Object> law) {}
}
