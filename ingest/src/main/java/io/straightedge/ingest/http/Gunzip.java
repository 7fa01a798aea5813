package io.straightedge.ingest.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * Inflates a gzip body while its ratio stays plausible.
 *
 * <p>The ratio is that of the bytes inflated so far over those read so far, looked at after every 8 KiB: so a body of a
 * thousand to one is refused when it has cost some 100 KiB of heap, not when a limit on the whole is reached. The first
 * 64 KiB are free, since a small body's ratio means nothing. Formats other than gzip are for the caller to refuse: every
 * one of them would need these bounds of its own.
 */
public final class Gunzip {

    private static final int FREE_BYTES = 64 << 10;
    private static final int OUT_BYTES = 8 << 10;

    /** Small, as what has been read but not inflated yet makes the ratio look better than it is. */
    private static final int IN_BYTES = 512;

    private Gunzip() {}

    /** The body inflates to more than it may. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        private final int inflatedBytes;

        TooLargeException(String message, int inflatedBytes) {
            super(message);
            this.inflatedBytes = inflatedBytes;
        }

        /** How far it was inflated. */
        public int inflatedBytes() {
            return inflatedBytes;
        }
    }

    /**
     * The inflated bytes.
     *
     * @param maxBytes of the whole
     * @param maxRatio inflated over compressed bytes
     * @throws TooLargeException when either is exceeded
     * @throws IOException when it is not gzip, or cut short
     */
    public static byte[] inflate(byte[] compressed, int maxBytes, int maxRatio) throws IOException {
        ByteArrayInputStream source = new ByteArrayInputStream(compressed);
        ByteArrayOutputStream inflated = new ByteArrayOutputStream(Math.min(FREE_BYTES, 4 * compressed.length + 16));
        byte[] piece = new byte[OUT_BYTES];
        try (GZIPInputStream in = new GZIPInputStream(source, IN_BYTES)) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                inflated.write(piece, 0, read);
                long consumed = (long) compressed.length - source.available();
                if (inflated.size() > maxBytes) {
                    throw new TooLargeException(
                            "the gzip body inflates to more than " + maxBytes + " bytes", inflated.size());
                }
                if (inflated.size() > FREE_BYTES + maxRatio * consumed) {
                    throw new TooLargeException(
                            "the gzip body inflates by more than " + maxRatio + " to 1", inflated.size());
                }
            }
        }
        return inflated.toByteArray();
    }
}
