package io.straightedge.ingest.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of a file of curves; null where the file does not know. */
public record Row(
        long step,
        @Nullable Double tokens,
        @Nullable Double lr,
        @Nullable Double loss,
        String split,
        @Nullable Double gradNorm,
        @Nullable Long nanIterations,
        @Nullable Instant time) {}
