package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the logged loss is a mean over all ranks or one rank's own, which is two to four times noisier. */
public enum LossReduction {
    @JsonProperty("global")
    GLOBAL,
    @JsonProperty("rank-local")
    RANK_LOCAL
}
