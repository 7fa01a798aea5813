package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.watch.Formats.Recognised;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files that only say what the runs of their directory are, such as {@code config.json} beside {@code losses.json}. Read as
 * a whole whenever they change; what one said last stays when it is gone, as a checkpoint's is. Not thread-safe.
 */
final class Companions {

    private static final int PIECE_BYTES = 1 << 20;

    private final Map<String, Companion> known = new TreeMap<>();

    private static final class Companion {
        private final Recognised recognised;
        private @Nullable Found read;
        private Map<String, String> values = Map.of();

        Companion(Recognised recognised) {
            this.recognised = recognised;
        }
    }

    /** Whether the source of that name is one. */
    boolean knows(String source) {
        return known.containsKey(source);
    }

    void add(String source, Recognised recognised) {
        known.put(source, new Companion(recognised));
    }

    /** Reads the file unless it has not changed; one that is cut keeps what it said before. */
    void look(String source, Found found) throws IOException {
        Companion companion = known.get(source);
        if (companion == null || found.equals(companion.read)) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        SourceReader reader = companion.recognised.format().open(SourceOptions.NONE);
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        long position = 0;
        while (Tape.read(found.path(), found.packed(), found.fileKey(), position, piece.clear()) > 0) {
            position += piece.position();
            reader.read(piece.flip(), item -> take(item, values));
        }
        reader.end(item -> take(item, values));
        companion.read = found;
        if (!values.isEmpty()) {
            companion.values = values;
        }
    }

    private static void take(Item item, Map<String, String> values) {
        if (item instanceof Item.Config config) {
            values.putAll(config.values());
        }
    }

    /** What those of a directory say. */
    Map<String, String> in(@Nullable Path directory) {
        Map<String, String> values = new HashMap<>();
        known.forEach((source, companion) -> {
            Path own = Path.of(source).getParent();
            if (own != null && own.equals(directory)) {
                values.putAll(companion.values);
            }
        });
        return values;
    }

    /** Path to what gave the format away. */
    Map<String, Recognised> files() {
        Map<String, Recognised> files = new TreeMap<>();
        known.forEach((source, companion) -> files.put(source, companion.recognised));
        return files;
    }
}
