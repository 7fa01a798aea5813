package io.straightedge.ingest.losscast;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.source.WholeJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code config.json} of a LossCast folder: the run's recipe. Immutable, thread-safe. */
public final class Recipe implements Format {

    private static final List<String> PARTS =
            List.of("\"run_id\"", "\"model\"", "\"optimizer\"", "\"data\"", "\"schedule\"");

    @Override
    public String name() {
        return "losscast-config";
    }

    @Override
    public String description() {
        return "LossCast config.json: a run's model, optimizer, data and schedule";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8);
        return fileName.equals("config.json") && PARTS.stream().allMatch(text::contains)
                ? "is named config.json and has run_id, model, optimizer, data and schedule"
                : null;
    }

    @Override
    public boolean whole() {
        return true;
    }

    @Override
    public boolean companion() {
        return true;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return WholeJson.configuration();
    }
}
