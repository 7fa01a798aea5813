package io.straightedge.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.Lines;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The formats of tables of losses. */
public final class FileFormats {

    /** Files of one program. */
    public static final List<Format> PARTICULAR = List.of(
            new ModelConfig(),
            new Kind(
                    "hf-trainer-state",
                    "trainer_state.json of the Hugging Face Trainer",
                    true,
                    FileFormats::trainerState,
                    TrainerStateReader::new),
            new Kind(
                    "llamafactory-log",
                    "trainer_log.jsonl of LLaMA-Factory",
                    false,
                    FileFormats::trainerLog,
                    JsonLinesReader::new),
            new Kind(
                    "lightning-csv",
                    "metrics.csv of Lightning's CSVLogger",
                    true,
                    FileFormats::lightning,
                    CsvReader::new));

    /** Files that anything may have written: to be tried last. */
    public static final List<Format> GENERAL = List.of(
            new Kind("csv", "CSV with a header that names step and loss", false, FileFormats::csv, CsvReader::new),
            new Kind(
                    "jsonl",
                    "JSON objects, one a line, with step and loss",
                    false,
                    FileFormats::jsonLines,
                    JsonLinesReader::new));

    private static final int ROWS_LOOKED_AT = 200;

    private FileFormats() {}

    private static @Nullable String trainerState(String fileName, byte[] head) {
        String text = new String(head, UTF_8).stripLeading();
        boolean state = text.startsWith("{")
                && text.contains("\"log_history\"")
                && (text.contains("\"is_world_process_zero\"") || text.contains("\"global_step\""));
        return state ? "has the log_history of a Trainer" : null;
    }

    private static @Nullable String trainerLog(String fileName, byte[] head) {
        boolean log = objects(head).stream().anyMatch(row -> row.has("current_steps") && row.has("total_steps"));
        return log ? "has current_steps and total_steps on its lines" : null;
    }

    /** Lightning writes epoch and step beside its metrics, and has suffixes and names of its own for these. */
    private static @Nullable String lightning(String fileName, byte[] head) {
        List<String> header = header(head);
        boolean own = fileName.equals("metrics.csv")
                || header.stream()
                        .anyMatch(name -> name.endsWith("_step") || name.endsWith("_epoch") || name.startsWith("lr-"));
        boolean lightning = own && header.contains("epoch") && header.contains("step") && lacks(header) == null;
        return lightning ? "has epoch, step and Lightning's metrics in its header" : null;
    }

    private static @Nullable String csv(String fileName, byte[] head) {
        List<String> header = header(head);
        return header.size() > 1 && lacks(header) == null ? "has columns of steps and of losses" : null;
    }

    private static @Nullable String jsonLines(String fileName, byte[] head) {
        for (JsonNode row : objects(head)) {
            Set<Role> roles = new HashSet<>();
            Rows rows = new Rows(SourceOptions.NONE);
            Json.flat(row).keySet().forEach(name -> {
                Column column = rows.column(name);
                if (column.metric() != null) {
                    roles.add(column.metric().role());
                }
            });
            if (roles.contains(Role.STEP) && roles.contains(Role.LOSS)) {
                return "has steps and losses in the objects on its lines";
            }
        }
        return null;
    }

    private static @Nullable String lacks(List<String> header) {
        return CsvReader.lacks(new Rows(CsvReader.options(SourceOptions.NONE, header)), header);
    }

    /** The first row of the head; empty when it is not complete. */
    private static List<String> header(byte[] head) {
        List<String> first = new ArrayList<>();
        new CsvLines(',', position -> {}).read(ByteBuffer.wrap(head), cells -> {
            if (first.isEmpty()) {
                first.addAll(cells);
            }
        });
        return first;
    }

    /** The objects on the head's first lines; empty when one of them is something else. */
    private static List<JsonNode> objects(byte[] head) {
        List<String> lines = new ArrayList<>();
        new Lines(JsonLinesReader.LONGEST_LINE).read(ByteBuffer.wrap(head), new Lines.Sink() {
            @Override
            public void line(long position, String text) {
                if (lines.size() < ROWS_LOOKED_AT && !text.isBlank()) {
                    lines.add(text);
                }
            }

            @Override
            public void tooLong(long position, String beginning) {}
        });
        List<JsonNode> objects = new ArrayList<>();
        for (String line : lines) {
            JsonNode object = line.stripLeading().startsWith("{") ? Json.parse(line) : null;
            if (object == null) {
                return List.of();
            }
            objects.add(object);
        }
        return objects;
    }

    private record Kind(
            String name,
            String description,
            boolean whole,
            BiFunction<String, byte[], @Nullable String> recognition,
            Function<SourceOptions, SourceReader> reader)
            implements Format {

        @Override
        public @Nullable String recognise(String fileName, byte[] head) {
            return recognition.apply(fileName, head);
        }

        @Override
        public SourceReader open(SourceOptions options) {
            return reader.apply(options);
        }
    }
}
