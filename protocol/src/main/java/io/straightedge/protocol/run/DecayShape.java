package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * How the learning rate falls in the cooldown of a WSD schedule; x is the fraction of the cooldown that has passed, f the
 * final rate over the peak. Any other shape can be sent as {@link ScheduleKind#POINTS}.
 */
public enum DecayShape {
    /** 1 - (1-f) x. */
    LINEAR("linear"),
    /** f + (1-f) (1 + cos pi x)/2. */
    COSINE("cosine"),
    /** 1 - (1-f) sqrt(x); Megatron-LM's {@code minus_sqrt}. */
    ONE_MINUS_SQRT("one-minus-sqrt", "minus_sqrt", "1-sqrt", "sqrt"),
    /** f^x. Megatron-LM's {@code exponential} is another curve: {@link #MEGATRON_EXPONENTIAL}. */
    EXPONENTIAL("exponential"),
    /** f + (1-f) (2 * 2^-x - 1), what Megatron-LM does under the name {@code exponential}. */
    MEGATRON_EXPONENTIAL("megatron-exponential"),
    /** f + (1-f) (1-x)^power. */
    POLYNOMIAL("polynomial", "power");

    private final String named;
    /** Separated by spaces, its own name first. */
    private final String names;

    DecayShape(String named, String... aliases) {
        this.named = named;
        this.names = named + " " + String.join(" ", aliases);
    }

    /** The name under which it is written. */
    @JsonValue
    public String named() {
        return named;
    }

    /**
     * The shape of a name or alias.
     *
     * @throws IllegalArgumentException which lists the accepted names
     */
    @JsonCreator
    public static DecayShape of(String name) {
        for (DecayShape shape : values()) {
            if (Names.isOneOf(name, shape.names)) {
                return shape;
            }
        }
        throw new IllegalArgumentException("schedule.decayShape " + Names.excerpt(name) + " is not known: "
                + Names.oneOf(List.of(values()), DecayShape::named));
    }
}
