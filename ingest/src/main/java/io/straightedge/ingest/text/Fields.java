package io.straightedge.ingest.text;

import java.util.function.BiConsumer;

/** Lines that are lists of named values: {@code lr: 1e-4 | loss: 2.3 |} and {@code lr=1e-4, loss=2.3}. */
final class Fields {

    private Fields() {}

    /** Gives names and values between bars; a value stands after a colon, or after the last space when there is none. */
    static void piped(String line, int from, BiConsumer<String, String> fields) {
        for (int begin = from; begin < line.length(); ) {
            int bar = line.indexOf('|', begin);
            int end = bar < 0 ? line.length() : bar;
            String field = line.substring(begin, end).strip();
            int colon = field.indexOf(':');
            give(field, colon < 0 ? field.lastIndexOf(' ') : colon, fields);
            begin = end + 1;
        }
    }

    /** Gives names and values between commas. */
    static void listed(String line, int from, int to, BiConsumer<String, String> fields) {
        for (int begin = from; begin < to; ) {
            int comma = line.indexOf(", ", begin);
            int end = comma < 0 || comma > to ? to : comma;
            String field = line.substring(begin, end);
            give(field, field.indexOf('='), fields);
            begin = end + 2;
        }
    }

    private static void give(String field, int mark, BiConsumer<String, String> fields) {
        if (mark > 0) {
            fields.accept(
                    field.substring(0, mark).strip(), field.substring(mark + 1).strip());
        }
    }
}
