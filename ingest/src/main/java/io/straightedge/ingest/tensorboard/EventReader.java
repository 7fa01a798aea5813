package io.straightedge.ingest.tensorboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.StepRow;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.Numbers;
import io.straightedge.ingest.source.SourceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event file.
 *
 * <p>Scalars are {@code simple_value}s and tensors of one element. Metadata stands with the first value of a tag only, so
 * the plugin of each tag that is not for scalars is remembered; of a tag without any, a single number is a scalar. Text
 * under {@code NAME/text_summary} is configuration: a JSON object (as the Hugging Face Trainer writes it under {@code args}
 * and {@code model_config}) or a single value (Megatron-LM's arguments).
 *
 * <p>A step that goes back without a session start just goes on from there: what it means is for others.
 */
final class EventReader implements SourceReader, RecordFrames.Receiver {

    private static final int DATA_CLASS_SCALAR = 1;
    private static final String SCALARS = "scalars";
    private static final String TEXT = "text";
    private static final String TEXT_SUFFIX = "/text_summary";

    /** Tags other than scalars' that are remembered; a file with more is not of training. */
    private static final int MOST_TAGS = 10_000;

    private static final int LONGEST_JSON = 1 << 18;
    private static final int LONGEST_TEXT = 1_000;

    private final RecordFrames frames = new RecordFrames(this);
    private final Wanted wanted;
    private final Map<String, String> plugins = new HashMap<>();
    private StepRow row = new StepRow(null);
    private long highestStep = -1;

    /** What one call found. */
    private final List<Item> found = new ArrayList<>();

    EventReader(Map<String, String> columns) {
        wanted = new Wanted(columns);
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        ByteBuffer piece = bytes;
        while (piece.hasRemaining()) {
            ByteBuffer part = piece.slice(piece.position(), Math.min(piece.remaining(), 1 << 16));
            piece.position(piece.position() + part.remaining());
            frames.read(part);
            give(items);
        }
    }

    @Override
    public void pause(Consumer<? super Item> items) {
        row.flush(items);
    }

    @Override
    public void end(Consumer<? super Item> items) {
        row.flush(items);
    }

    @Override
    public @Nullable String incomplete() {
        return frames.incomplete();
    }

    @Override
    public void record(byte[] data, int length, long position) {
        Event event;
        try {
            event = Event.read(data, length);
        } catch (IOException e) {
            unreadable(position, "a record is no event: it is left out", false);
            return;
        }
        if (event.start()) {
            restart(event.step());
        }
        for (Event.Value value : event.values()) {
            value(value, event, position);
        }
    }

    @Override
    public void unreadable(long position, String reason, boolean fatal) {
        row.flush(found::add);
        found.add(new Item.Unreadable(null, position, reason, "", fatal));
    }

    private void give(Consumer<? super Item> items) {
        found.forEach(items);
        found.clear();
    }

    /** A first start, at step 0 of nothing, begins the run and says nothing. */
    private void restart(long step) {
        if (step > 0 || (step == 0 && highestStep >= 0)) {
            row.flush(found::add);
            row = new StepRow(null);
            highestStep = step - 1;
            found.add(new Item.Restart(null, step));
        }
    }

    private void value(Event.Value value, Event event, long position) {
        String tag = value.tag();
        String plugin = plugin(value);
        if (plugin.equals(TEXT)) {
            if (value.tensor() != null && tag.endsWith(TEXT_SUFFIX)) {
                text(tag.substring(0, tag.length() - TEXT_SUFFIX.length()), value.tensor());
            }
            return;
        }
        Double number = value.simple() != null || value.tensor() == null
                ? value.simple()
                : value.tensor().number();
        if (number == null || !plugin.equals(SCALARS)) {
            return;
        }
        Metric metric = wanted.of(tag);
        if (metric == null) {
            return;
        }
        if (event.step() < 0) {
            unreadable(position, "the step of " + tag + " is negative: it is left out", false);
            return;
        }
        highestStep = Math.max(highestStep, event.step());
        row.add(metric, event.step(), number, Numbers.time(event.wallTime()), found::add);
    }

    private String plugin(Event.Value value) {
        if (value.plugin() == null) {
            return plugins.getOrDefault(value.tag(), SCALARS);
        }
        String plugin = value.dataClass() == DATA_CLASS_SCALAR || value.simple() != null ? SCALARS : value.plugin();
        if (plugin.isEmpty()) {
            plugin = value.dataClass() == 0 ? SCALARS : "data class " + value.dataClass();
        }
        if (plugin.equals(SCALARS)) {
            plugins.remove(value.tag());
        } else if (plugins.size() < MOST_TAGS) {
            plugins.put(value.tag(), plugin);
        }
        return plugin;
    }

    private void text(String name, TensorValue tensor) {
        String text = tensor.text();
        if (text == null || name.isEmpty() || text.length() > LONGEST_JSON) {
            return;
        }
        if (text.stripLeading().startsWith("{")) {
            JsonNode json = Json.parse(text);
            Map<String, String> values = json == null ? Map.of() : Json.flat(json);
            if (!values.isEmpty()) {
                found.add(new Item.Config(null, values));
            }
        } else if (text.length() <= LONGEST_TEXT && text.indexOf('\n') < 0) {
            found.add(new Item.Config(null, Map.of(name, text)));
        }
    }
}
