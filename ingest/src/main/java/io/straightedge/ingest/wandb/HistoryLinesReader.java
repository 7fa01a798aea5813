package io.straightedge.ingest.wandb;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a history of JSON lines ({@code wandb-history.jsonl}), each what one call of {@code log} said. The last line counts
 * without a line end too, if it is a whole object: its brace is closed, so nothing of it can be missing.
 */
final class HistoryLinesReader implements SourceReader {

    private static final int LONGEST_BYTES = 1 << 20;

    private final HistoryRows rows;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private long lineBegin;
    private boolean passing;

    HistoryLinesReader(SourceOptions options) {
        rows = new HistoryRows(options);
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            position++;
            if (b == '\n') {
                if (!passing) {
                    line(true, items);
                }
                line.reset();
                passing = false;
                lineBegin = position;
            } else if (!passing) {
                line.write(b);
                if (line.size() > LONGEST_BYTES) {
                    passing = true;
                    line.reset();
                    unreadable("a line of more than 1 MiB: it is left out", "", items);
                }
            }
        }
    }

    @Override
    public void pause(Consumer<? super Item> items) {
        rows.flush(items);
    }

    @Override
    public void end(Consumer<? super Item> items) {
        if (!passing) {
            line(false, items);
            line.reset();
        }
        rows.flush(items);
    }

    @Override
    public @Nullable String incomplete() {
        return line.size() > 0 ? "a line without its end" : null;
    }

    private void line(boolean ended, Consumer<? super Item> items) {
        String text = line.toString(UTF_8);
        if (text.isBlank()) {
            return;
        }
        JsonNode object = Json.parse(text);
        if (object != null && object.isObject()) {
            Map<String, Double> numbers = new LinkedHashMap<>();
            rows.numbers("", object, numbers);
            rows.row(null, numbers, lineBegin, items);
        } else if (ended) {
            unreadable("a line is no JSON object", text, items);
        }
    }

    private void unreadable(String reason, String text, Consumer<? super Item> items) {
        rows.flush(items);
        items.accept(new Item.Unreadable(null, lineBegin, reason, text, false));
    }
}
