package io.straightedge.ingest.timeline;

import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;

/**
 * An event and when it is due.
 *
 * @param at from the beginning of the playing; negative or zero for history, which is due at once
 */
public record TimedEvent(Duration at, TrainingEvent event) {}
