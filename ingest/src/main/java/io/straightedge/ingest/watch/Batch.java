package io.straightedge.ingest.watch;

import io.straightedge.protocol.run.TrainingEvent;
import java.util.List;

/**
 * Events to send, and where their files stand once these are stored.
 *
 * @param dry whether nothing more is there to read at the moment
 */
public record Batch(List<TrainingEvent> events, List<Position> positions, boolean dry) {
    public Batch {
        events = List.copyOf(events);
        positions = List.copyOf(positions);
    }
}
