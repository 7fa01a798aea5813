package io.straightedge.protocol.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a training job, an operator or a clock says about a study; the field {@code type} tells which.
 *
 * <p>The constructors of the records reject what no reader could use (a blank name, a negative step); everything a
 * job may honestly not know is optional.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StudyDefinition.class, name = "study"),
    @JsonSubTypes.Type(value = RunManifest.class, name = "run"),
    @JsonSubTypes.Type(value = LossObservation.class, name = "loss"),
    @JsonSubTypes.Type(value = RunEnd.class, name = "end"),
    @JsonSubTypes.Type(value = StudyCommand.class, name = "command"),
    @JsonSubTypes.Type(value = Tick.class, name = "tick")
})
public sealed interface TrainingEvent
        permits StudyDefinition, RunManifest, LossObservation, RunEnd, StudyCommand, Tick {

    /** The study that the event belongs to; null for a tick, which belongs to its partition. */
    @Nullable
    String study();
}
