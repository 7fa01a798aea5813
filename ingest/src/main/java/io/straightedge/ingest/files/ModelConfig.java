package io.straightedge.ingest.files;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.source.WholeJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code config.json} that transformers saves beside a model: its architecture. Immutable, thread-safe. */
public final class ModelConfig implements Format {

    @Override
    public String name() {
        return "hf-config";
    }

    @Override
    public String description() {
        return "config.json of a Hugging Face model: its architecture, for the runs beside it";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8).stripLeading();
        return fileName.equals("config.json") && text.startsWith("{") && text.contains("\"model_type\"")
                ? "is named config.json and has model_type"
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
