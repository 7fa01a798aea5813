package io.straightedge.ingest.wandb;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Histories exported from W&amp;B, as CSV or JSON lines. Immutable, thread-safe. */
public final class History implements Format {

    @Override
    public String name() {
        return "wandb-history";
    }

    @Override
    public String description() {
        return "W&B history export: CSV or JSON lines with _step";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        if (isObject(head)) {
            String first = Header.firstLine(head);
            return first != null && first.contains("\"" + HistoryRows.STEP + "\"")
                    ? "its first line is a JSON object with _step"
                    : null;
        }
        return Header.of(head).contains(HistoryRows.STEP) ? "its header has a column _step" : null;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new Either(options);
    }

    private static boolean isObject(byte[] head) {
        return head.length > 0 && head[0] == '{';
    }

    /** CSV or JSON lines: the first byte tells. */
    private static final class Either implements SourceReader {

        private final SourceOptions options;
        private @Nullable SourceReader reader;

        private Either(SourceOptions options) {
            this.options = options;
        }

        @Override
        public void read(ByteBuffer bytes, Consumer<? super Item> items) {
            if (bytes.hasRemaining()) {
                SourceReader chosen = reader;
                if (chosen == null) {
                    chosen = bytes.get(bytes.position()) == '{'
                            ? new HistoryLinesReader(options)
                            : new HistoryCsvReader(options);
                    reader = chosen;
                }
                chosen.read(bytes, items);
            }
        }

        @Override
        public void pause(Consumer<? super Item> items) {
            if (reader != null) {
                reader.pause(items);
            }
        }

        @Override
        public void end(Consumer<? super Item> items) {
            if (reader != null) {
                reader.end(items);
            }
        }

        @Override
        public @Nullable String incomplete() {
            return reader == null ? null : reader.incomplete();
        }
    }
}
