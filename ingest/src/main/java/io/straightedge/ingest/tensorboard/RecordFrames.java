package io.straightedge.ingest.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into records.
 *
 * <pre>u64 length | u32 masked CRC-32C of these 8 bytes | data | u32 masked CRC-32C of the data</pre>
 *
 * all little-endian. Where the length's checksum is wrong nothing tells where the next record begins, so reading ends.
 * Wrong data is left out. At most one record is kept, and only as much of it as has come; one of more than {@value
 * #LARGEST_BYTES} bytes is passed over without keeping it. Not thread-safe.
 */
final class RecordFrames {

    /** Bytes of the largest record that is read. */
    static final int LARGEST_BYTES = 64 << 20;

    static final int HEADER_BYTES = 12;
    private static final int CHECKSUM_BYTES = 4;

    /** What is told of records. */
    interface Receiver {

        /** A record; the array is used again. */
        void record(byte[] data, int length, long position);

        /** A record that is left out, or the end of what can be read. */
        void unreadable(long position, String reason, boolean fatal);
    }

    private final Receiver receiver;
    private byte[] kept = new byte[1 << 10];
    private int keptBytes;

    /** Bytes of data of the record that is being read; -1 while its header is. */
    private int dataBytes = -1;

    private long skipBytes;
    private long position;
    private long recordBegin;
    private boolean broken;

    RecordFrames(Receiver receiver) {
        this.receiver = receiver;
    }

    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !broken) {
            if (skipBytes > 0) {
                int skipped = (int) Math.min(skipBytes, bytes.remaining());
                bytes.position(bytes.position() + skipped);
                position += skipped;
                skipBytes -= skipped;
                recordBegin = position;
            } else {
                int wanted = dataBytes < 0 ? HEADER_BYTES : dataBytes + CHECKSUM_BYTES;
                keep(bytes, wanted);
                if (keptBytes == wanted) {
                    complete();
                }
            }
        }
        bytes.position(bytes.limit());
    }

    /** What is there of a record that is not complete; null when nothing is. */
    @Nullable
    String incomplete() {
        return !broken && (keptBytes > 0 || dataBytes >= 0 || skipBytes > 0) ? "a record without its end" : null;
    }

    /** The length that a header gives; -1 when its checksum says that it is none. */
    static long length(byte[] header) {
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        return fields.getInt(8) == MaskedChecksum.of(header, 0, 8) ? Math.max(fields.getLong(0), -1) : -1;
    }

    private void keep(ByteBuffer bytes, int wanted) {
        int taken = Math.min(wanted - keptBytes, bytes.remaining());
        if (keptBytes + taken > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(wanted, Math.max(2 * kept.length, keptBytes + taken)));
        }
        bytes.get(kept, keptBytes, taken);
        keptBytes += taken;
        position += taken;
    }

    private void complete() {
        if (dataBytes < 0) {
            header();
            return;
        }
        int checksum = ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN).getInt(dataBytes);
        if (checksum == MaskedChecksum.of(kept, 0, dataBytes)) {
            receiver.record(kept, dataBytes, recordBegin);
        } else {
            receiver.unreadable(recordBegin, "the checksum of a record is wrong: it is left out", false);
        }
        dataBytes = -1;
        keptBytes = 0;
        recordBegin = position;
    }

    private void header() {
        long length = length(kept);
        keptBytes = 0;
        if (length < 0) {
            broken = true;
            receiver.unreadable(
                    recordBegin,
                    "the checksum of a record's length is wrong: where the next begins cannot be told, so the rest of the"
                            + " file is not read",
                    true);
        } else if (length > LARGEST_BYTES) {
            receiver.unreadable(
                    recordBegin, "a record of " + length + " bytes: more than are read of one; it is left out", false);
            skipBytes = length > Long.MAX_VALUE - CHECKSUM_BYTES ? length : length + CHECKSUM_BYTES;
        } else {
            dataBytes = (int) length;
        }
    }
}
