package io.straightedge.protocol.signal;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.RunStatus;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's loss will end. Key {@code study/run/split}; the latest replaces all before it.
 *
 * @param id stable: the id of the estimate it rests on, and its basis
 * @param basis whether the run's own curve or the study's law says so
 * @param params N, when known
 * @param tokens D at the planned end, when known
 * @param fraction of the planned run that has been seen; NaN without a plan
 * @param finalLoss with intervals, nats per token
 * @param lawLoss what the study's law says of the same N and D, when there is one
 * @param observedFinal the final loss once it is known
 */
public record Prediction(
        String study,
        String run,
        String split,
        String id,
        Basis basis,
        RunStatus status,
        @Nullable Double params,
        @Nullable Double tokens,
        double fraction,
        Forecast finalLoss,
        @Nullable Double lawLoss,
        @Nullable Double observedFinal) {

    /** What a prediction rests on. */
    public enum Basis {
        @JsonProperty("curve")
        CURVE,
        @JsonProperty("law")
        LAW
    }

    /** The topic key. */
    public String key() {
        return study + "/" + run + "/" + split;
    }
}
