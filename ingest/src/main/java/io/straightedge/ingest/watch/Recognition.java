package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.watch.Formats.Recognised;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says of what format files are, and keeps in mind those that were like none until they change. Not thread-safe. */
final class Recognition {

    private final FollowOptions options;
    private final Map<String, Failure> failures = new TreeMap<>();

    private record Failure(Found found, String why) {}

    Recognition(FollowOptions options) {
        this.options = options;
    }

    /** The file's format; null when it is like none, or was not and has not changed since. */
    @Nullable
    Recognised of(String source, Found found) throws IOException {
        Format forced = options.forced();
        if (forced != null) {
            return new Recognised(forced, "--format");
        }
        Failure before = failures.get(found.path().toString());
        if (before != null && before.found().equals(found)) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.allocate(Format.HEAD_BYTES);
        int count = Tape.read(found.path(), found.packed(), null, 0, buffer);
        byte[] head = Arrays.copyOf(buffer.array(), count);
        for (Format format : options.formats()) {
            String because = format.recognise(nameOf(source, found), head);
            if (because != null) {
                return new Recognised(format, because);
            }
        }
        String why = head.length == 0 ? "empty" : "like none of the formats that are known";
        failures.put(found.path().toString(), new Failure(found, why));
        return null;
    }

    /** Without what rotation and packing added. */
    private static String nameOf(String source, Found found) {
        return Discovery.name(source.contains("*") ? found.path() : Path.of(source));
    }

    /** The file is read now. */
    void forget(Found found) {
        failures.remove(found.path().toString());
    }

    /** Path to why the file is not read. */
    Map<String, String> failures() {
        Map<String, String> why = new TreeMap<>();
        failures.forEach((path, failure) -> why.put(path, failure.why()));
        return why;
    }
}
