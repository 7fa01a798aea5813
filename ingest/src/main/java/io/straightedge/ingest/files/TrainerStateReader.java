package io.straightedge.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state that the Hugging Face Trainer saves with a checkpoint: the whole file or nothing, as half of a JSON
 * text is none. A loss of 0.0 beside a gradient norm of NaN stays as it is: the Trainer's filter writes it, and it is
 * what a detector of collapsed losses looks for.
 */
final class TrainerStateReader implements SourceReader {

    static final int LARGEST_BYTES = 32 << 20;

    private static final List<String> SETTINGS =
            List.of("max_steps", "num_train_epochs", "train_batch_size", "logging_steps", "eval_steps", "save_steps");

    private final SourceOptions options;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean tooLarge;
    private boolean broken;

    TrainerStateReader(SourceOptions options) {
        this.options = options;
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        tooLarge |= kept.size() + (long) bytes.remaining() > LARGEST_BYTES;
        if (tooLarge) {
            kept.reset();
            bytes.position(bytes.limit());
            return;
        }
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        kept.write(piece, 0, piece.length);
    }

    @Override
    public void pause(Consumer<? super Item> items) {}

    @Override
    public void end(Consumer<? super Item> items) {
        if (tooLarge) {
            String reason = "a trainer state of more than " + LARGEST_BYTES + " bytes";
            items.accept(new Item.Unreadable(null, 0, reason, "", true));
            return;
        }
        JsonNode state = Json.parse(kept.toString(UTF_8));
        broken = state == null && kept.size() > 0;
        if (state == null) {
            return;
        }
        settings(state, items);
        Rows rows = new Rows(options);
        for (JsonNode row : state.path("log_history")) {
            rows.read(Json.flat(row), 0, items);
        }
        rows.flush(items);
    }

    @Override
    public @Nullable String incomplete() {
        return broken ? "JSON that is not complete" : null;
    }

    private static void settings(JsonNode state, Consumer<? super Item> items) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : SETTINGS) {
            JsonNode value = state.path(name);
            if (value.isNumber()) {
                settings.put(name, value.asText());
            }
        }
        if (!settings.isEmpty()) {
            items.accept(new Item.Config(null, settings));
        }
    }
}
