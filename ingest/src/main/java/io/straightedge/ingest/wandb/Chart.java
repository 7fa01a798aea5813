package io.straightedge.ingest.wandb;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import org.jspecify.annotations.Nullable;

/** Charts exported from W&amp;B's pages, many runs side by side. Immutable, thread-safe. */
public final class Chart implements Format {

    @Override
    public String name() {
        return "wandb-chart";
    }

    @Override
    public String description() {
        return "W&B chart export: CSV with a column \"RUN - METRIC\" for each run";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        return ChartReader.isChart(Header.of(head))
                ? "its columns are Step and \"RUN - METRIC\" with __MIN and __MAX"
                : null;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new ChartReader(options);
    }
}
