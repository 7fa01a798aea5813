package io.straightedge.ingest.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts bytes into lines as they come. A carriage return ends a line as a line feed does, since a progress bar that is
 * redrawn in place has no other end for hours; empty lines are left out. What has no end yet is no line. Malformed
 * UTF-8 becomes replacement characters. Not thread-safe.
 */
public final class Lines {

    /** Takes lines. */
    public interface Sink {

        /**
         * A line without its end.
         *
         * @param position of its first byte
         */
        void line(long position, String text);

        /** A line that is longer than allowed; it is skipped up to its end. */
        void tooLong(long position, String beginning);
    }

    private static final int EXCERPT_BYTES = 200;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final int longest;
    private byte[] kept = new byte[512];
    private int length;
    private long begin;
    private long position;
    private boolean skipping;

    /**
     * At the beginning of a file.
     *
     * @param longest bytes of the longest line that is read
     */
    public Lines(int longest) {
        this.longest = longest;
    }

    /** Takes the next bytes, all of them. */
    public void read(ByteBuffer bytes, Sink sink) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            position++;
            if (next == '\n' || next == '\r') {
                end(sink);
            } else if (!skipping) {
                keep(next, sink);
            }
        }
    }

    /** Whether there is a beginning of a line. */
    public boolean incomplete() {
        return length > 0 || skipping;
    }

    private void keep(byte next, Sink sink) {
        if (length == longest) {
            sink.tooLong(begin, text(Math.min(length, EXCERPT_BYTES)));
            skipping = true;
            return;
        }
        if (length == kept.length) {
            kept = Arrays.copyOf(kept, Math.min(longest, 2 * length));
        }
        kept[length++] = next;
    }

    private void end(Sink sink) {
        if (length > 0 && !skipping) {
            sink.line(begin, text(length));
        }
        length = 0;
        skipping = false;
        begin = position;
    }

    private String text(int bytes) {
        String text = new String(kept, 0, bytes, StandardCharsets.UTF_8);
        return begin == 0 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
}
