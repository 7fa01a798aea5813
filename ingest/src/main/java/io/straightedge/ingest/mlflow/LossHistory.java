package io.straightedge.ingest.mlflow;

import io.straightedge.protocol.run.LossObservation;
import reactor.core.publisher.Flux;

/** Where logged losses are read again. */
@FunctionalInterface
public interface LossHistory {

    /** The losses of a run that are still kept, in the order in which they came. */
    Flux<LossObservation> losses(String study, String run);
}
