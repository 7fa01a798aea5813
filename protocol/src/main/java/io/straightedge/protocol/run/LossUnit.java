package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The unit in which jobs of a study log their loss. Everything inside is nats per token. */
public enum LossUnit {
    @JsonProperty("nats")
    NATS,
    @JsonProperty("bits")
    BITS,
    @JsonProperty("bits-per-byte")
    BITS_PER_BYTE
}
