package io.straightedge.ingest.watch;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.Schedule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** A schedule on a command line: {@code cosine:warmup=2000,peak=3e-4,final=3e-5}. */
public final class ScheduleText {

    private static final Map<String, String> FIELDS = Map.of(
            "warmup", "warmupSteps",
            "warmup-start", "warmupStartLr",
            "peak", "peak",
            "final", "finalLr",
            "decay-start", "decayStartStep",
            "decay-end", "decayEndStep",
            "decay-shape", "decayShape",
            "power", "power",
            "cycles", "cycles",
            "cycle-growth", "cycleGrowth");

    private ScheduleText() {}

    /**
     * The schedule as the fields of an event.
     *
     * @throws IllegalArgumentException which says what is wrong and what there is
     */
    public static Map<String, Object> fields(String text) {
        int colon = text.indexOf(':');
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", (colon < 0 ? text : text.substring(0, colon)).strip());
        if (colon >= 0) {
            for (String part : text.substring(colon + 1).split(",", -1)) {
                int equals = part.indexOf('=');
                String field =
                        FIELDS.get(equals < 0 ? "" : part.substring(0, equals).strip());
                if (field == null) {
                    throw new IllegalArgumentException("schedule " + text + ": " + part + " is not one of "
                            + String.join("=, ", new TreeSet<>(FIELDS.keySet())) + "=");
                }
                String value = part.substring(equals + 1).strip();
                fields.put(field, field.equals("decayShape") ? value : number(field, value));
            }
        }
        try {
            Json.read(Json.write(fields), Schedule.class);
        } catch (MessageException e) {
            throw new IllegalArgumentException("schedule " + text + ": " + e.getMessage(), e);
        }
        return fields;
    }

    private static Number number(String field, String value) {
        double number = Quantity.of(value);
        boolean counts = field.endsWith("Step") || field.endsWith("Steps") || field.equals("cycles");
        if (counts && number != Math.rint(number)) {
            throw new IllegalArgumentException("schedule: " + field + " is " + value + ": it must be a whole number");
        }
        return counts ? (Number) (long) number : (Number) number;
    }
}
