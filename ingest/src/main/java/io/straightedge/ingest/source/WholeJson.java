package io.straightedge.ingest.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a file that is one JSON object, at its end. A file that is cut gives nothing: it is written anew, and read again. */
public final class WholeJson implements SourceReader {

    private static final int LARGEST_BYTES = 64 << 20;

    private final BiConsumer<JsonNode, Consumer<? super Item>> meaning;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean tooLarge;
    private boolean cut;

    /** @param meaning gives what a complete object says */
    public WholeJson(BiConsumer<JsonNode, Consumer<? super Item>> meaning) {
        this.meaning = meaning;
    }

    /** A reader of a file that is configuration as a whole. */
    public static WholeJson configuration() {
        return new WholeJson((object, items) -> {
            Map<String, String> values = Json.flat(object);
            if (!values.isEmpty()) {
                items.accept(new Item.Config(null, values));
            }
        });
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        if (!tooLarge && content.size() + (long) piece.length > LARGEST_BYTES) {
            tooLarge = true;
            content.reset();
            items.accept(new Item.Unreadable(null, 0, "a JSON file of more than 64 MiB is not read", "", true));
        }
        if (!tooLarge) {
            content.writeBytes(piece);
        }
    }

    @Override
    public void pause(Consumer<? super Item> items) {}

    @Override
    public void end(Consumer<? super Item> items) {
        JsonNode object = tooLarge ? null : Json.parse(content.toString(UTF_8));
        cut = !tooLarge && (object == null || !object.isObject());
        if (object != null && object.isObject()) {
            meaning.accept(object, items);
            content.reset();
        }
    }

    @Override
    public @Nullable String incomplete() {
        return cut || content.size() > 0 ? "JSON without its end" : null;
    }
}
