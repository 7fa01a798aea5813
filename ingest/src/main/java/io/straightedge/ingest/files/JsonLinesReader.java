package io.straightedge.ingest.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.Lines;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a file with a JSON object on each line; nested names are joined by dots. Other lines are left out. */
final class JsonLinesReader implements SourceReader {

    static final int LONGEST_LINE = 1 << 20;

    private final Lines lines = new Lines(LONGEST_LINE);
    private final Rows rows;

    JsonLinesReader(SourceOptions options) {
        rows = new Rows(options);
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        lines.read(bytes, new Lines.Sink() {
            @Override
            public void line(long position, String text) {
                if (text.stripLeading().startsWith("{")) {
                    object(position, text, items);
                }
            }

            @Override
            public void tooLong(long position, String beginning) {
                unreadable(position, "a line of more than " + LONGEST_LINE + " bytes", beginning, items);
            }
        });
    }

    @Override
    public void pause(Consumer<? super Item> items) {
        rows.flush(items);
    }

    @Override
    public void end(Consumer<? super Item> items) {
        rows.flush(items);
    }

    @Override
    public @Nullable String incomplete() {
        return lines.incomplete() ? "a line without its end" : null;
    }

    private void object(long position, String text, Consumer<? super Item> items) {
        JsonNode object = Json.parse(text);
        if (object == null) {
            unreadable(position, "a line that is not JSON", text, items);
        } else {
            rows.read(Json.flat(object), position, items);
        }
    }

    private static void unreadable(long position, String reason, String text, Consumer<? super Item> items) {
        items.accept(new Item.Unreadable(null, position, reason, text, false));
    }
}
