package io.straightedge.ingest.watch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Reads a file's unpacked bytes from wherever it is asked to; keeps nothing open between calls. */
final class Tape {

    private static final int CHUNK_BYTES = 64 << 10;

    private Tape() {}

    /**
     * Fills the buffer from the unpacked position on, as far as there are bytes.
     *
     * <p>A packed file is unpacked from its beginning each time. One that is torn, as it is still being written, has the
     * bytes that can be unpacked.
     *
     * @param fileKey the file must still be this one; whichever it is when null
     * @return bytes read; 0 when there is none at the moment, or another file has taken the name
     */
    static int read(Path path, boolean packed, @Nullable Object fileKey, long position, ByteBuffer into)
            throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            // The name may have been given to another file before the channel was opened; not after this.
            if (fileKey != null && !Objects.equals(fileKey, keyOf(path))) {
                return 0;
            }
            int before = into.position();
            if (packed) {
                unpack(Channels.newInputStream(channel), position, into);
            } else {
                long at = position;
                for (int count = 0; into.hasRemaining() && count >= 0; at += Math.max(0, count)) {
                    count = channel.read(into, at);
                }
            }
            return into.position() - before;
        }
    }

    private static void unpack(InputStream raw, long position, ByteBuffer into) throws IOException {
        try (InputStream in = new GZIPInputStream(raw, CHUNK_BYTES)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            long skipped = 0;
            while (skipped < position) {
                int count = in.read(chunk, 0, (int) Math.min(chunk.length, position - skipped));
                if (count < 0) {
                    return;
                }
                skipped += count;
            }
            while (into.hasRemaining()) {
                int count = in.read(chunk, 0, Math.min(chunk.length, into.remaining()));
                if (count < 0) {
                    return;
                }
                into.put(chunk, 0, count);
            }
        } catch (EOFException | ZipException e) {
            // Torn: what came so far is good, and the rest may still be written.
            return;
        }
    }

    /** Whether the file begins with so many bytes of that CRC-32C. */
    static boolean beginsWith(Path path, boolean packed, long bytes, long checksum) throws IOException {
        CRC32C crc = new CRC32C();
        // Large, as a packed file is unpacked anew for each piece.
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(bytes, packed ? 16 << 20 : 1 << 20));
        long position = 0;
        while (position < bytes) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - position));
            int count = read(path, packed, null, position, buffer);
            if (count == 0) {
                return false;
            }
            crc.update(buffer.flip());
            position += count;
        }
        return crc.getValue() == checksum;
    }

    static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
