package io.straightedge.ingest.losscast;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.Numbers;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.source.WholeJson;
import io.straightedge.protocol.run.LossObservation;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code losses.json} of a LossCast folder: an object of a loss by its step. Losses are given in the order of their steps,
 * in whatever order they stand: a file that has grown then only gives more. Immutable, thread-safe.
 */
public final class Losses implements Format {

    private static final Pattern BEGINNING =
            Pattern.compile("\\s*+\\{\\s*+\"\\d++\"\\s*+:\\s*+[-\\dNn\"].*+", Pattern.DOTALL);
    private static final int LOOKED_AT = 1 << 10;

    @Override
    public String name() {
        return "losscast-losses";
    }

    @Override
    public String description() {
        return "LossCast losses.json: {\"step\": loss, ...}";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        String text = new String(head, 0, Math.min(head.length, LOOKED_AT), StandardCharsets.UTF_8);
        return fileName.equals("losses.json") && BEGINNING.matcher(text).matches()
                ? "is named losses.json and begins with a loss by its step"
                : null;
    }

    @Override
    public boolean whole() {
        return true;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new WholeJson(Losses::losses);
    }

    private static void losses(JsonNode object, Consumer<? super Item> items) {
        Map<Long, Double> losses = new TreeMap<>();
        object.properties().forEach(entry -> {
            Double number = Numbers.parse(entry.getKey());
            Long step = number == null ? null : Numbers.step(number);
            JsonNode value = entry.getValue();
            Double loss = value.isNull() ? Double.valueOf(Double.NaN) : Json.number(value);
            if (step == null || loss == null) {
                items.accept(
                        new Item.Unreadable(null, 0, "not a loss by its step", entry.getKey() + ": " + value, false));
            } else {
                losses.put(step, loss);
            }
        });
        losses.forEach((step, loss) -> items.accept(
                new Item.Point(null, LossObservation.TRAIN, step, null, null, loss, null, null, null, null)));
    }
}
