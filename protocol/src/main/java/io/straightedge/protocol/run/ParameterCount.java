package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What N counts. Part of a study's identity: laws fitted on different counts must not be mixed. */
public enum ParameterCount {
    /** Without the embedding matrices, as in Kaplan et al. 2020. */
    @JsonProperty("non-embedding")
    NON_EMBEDDING,
    /** With embeddings, as in Hoffmann et al. 2022. */
    @JsonProperty("total")
    TOTAL,
    /** Parameters that one token passes through, for mixtures of experts. */
    @JsonProperty("active")
    ACTIVE
}
