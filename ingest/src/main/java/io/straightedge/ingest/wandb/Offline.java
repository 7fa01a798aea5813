package io.straightedge.ingest.wandb;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import org.jspecify.annotations.Nullable;

/** The log that W&amp;B's client keeps of each run, online or offline. Immutable, thread-safe. */
public final class Offline implements Format {

    @Override
    public String name() {
        return "wandb-offline";
    }

    @Override
    public String description() {
        return "W&B's local log of a run (run-*.wandb), while it is written too";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        return head.length >= LogChunks.HEADER_BYTES && LogChunks.hasMark(head) ? "begins with :W&B" : null;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new OfflineReader(options);
    }
}
