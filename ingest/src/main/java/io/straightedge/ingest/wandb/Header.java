package io.straightedge.ingest.wandb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.ingest.files.CsvLines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first line of a file's beginning. */
final class Header {

    private Header() {}

    /** Its cells as CSV; empty when the line is not complete. */
    static List<String> of(byte[] head) {
        List<List<String>> rows = new ArrayList<>();
        CsvLines lines = new CsvLines(',', position -> {});
        for (int i = 0; i < head.length && rows.isEmpty(); i++) {
            lines.read(ByteBuffer.wrap(head, i, 1), rows::add);
        }
        return rows.isEmpty() ? List.of() : rows.get(0);
    }

    /** The line itself; null when it is not complete and the beginning is not all of the file. */
    static @Nullable String firstLine(byte[] head) {
        String text = new String(head, UTF_8);
        int end = text.indexOf('\n');
        if (end >= 0) {
            return text.substring(0, end);
        }
        return text.endsWith("}") ? text : null;
    }
}
