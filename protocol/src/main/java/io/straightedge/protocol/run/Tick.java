package io.straightedge.protocol.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Wall time, put into the log by whoever owns a partition, so that rules about time replay like all others. */
public record Tick(Instant time) implements TrainingEvent {
    public Tick {
        if (time == null) {
            throw new IllegalArgumentException("time is missing: a tick is nothing else");
        }
    }

    @Override
    public @Nullable String study() {
        return null;
    }
}
