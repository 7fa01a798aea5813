package io.straightedge.ingest.wandb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a {@code .wandb} file into records.
 *
 * <pre>
 * file   = ":W&amp;B" | u16 0xBEE1 | u8 version, then blocks of 32 KiB of which the first includes these 7 bytes
 * block  = chunks, then fewer than 7 bytes that are left over
 * chunk  = u32 CRC-32 of type and data | u16 length | u8 type: 1 full, 2 first, 3 middle, 4 last | data
 * record = the data of one full chunk, or of a first, middles and a last
 * </pre>
 *
 * little-endian: LevelDB's log but for the header and the checksum, which is that of zip, unmasked. After a wrong chunk
 * reading goes on with the next block, as LevelDB does. A block's rest of zeroes is space that was never written. Keeps a
 * chunk and a record of at most {@value #LARGEST_RECORD_BYTES} bytes. Not thread-safe.
 */
final class LogChunks {

    static final int BLOCK_BYTES = 32 << 10;
    static final int HEADER_BYTES = 7;
    static final int LARGEST_RECORD_BYTES = 16 << 20;

    /** Versions 0 and 1 differ in what some records leave to the server, not in their form. */
    private static final int NEWEST_VERSION = 1;

    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;

    /** What is told of records. */
    interface Receiver {

        void record(byte[] data, long position);

        void unreadable(long position, String reason, boolean fatal);
    }

    private final Receiver receiver;
    private final byte[] chunk = new byte[BLOCK_BYTES];
    private final ByteBuffer fields = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    private int chunkBytes;
    private int wanted = HEADER_BYTES;
    private long position;
    private long skipBytes;
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private long recordBegin = -1;
    private boolean begun;
    private boolean broken;

    /** Whether a record's rest is passed over since its beginning was wrong, too long or missing. */
    private boolean passing;

    LogChunks(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Whether the first 7 bytes are those of such a file, of whatever version. */
    static boolean hasMark(byte[] head) {
        return head[0] == ':'
                && head[1] == 'W'
                && head[2] == '&'
                && head[3] == 'B'
                && head[4] == (byte) 0xE1
                && head[5] == (byte) 0xBE;
    }

    private static @Nullable String headerFault(byte[] head) {
        int version = Byte.toUnsignedInt(head[6]);
        if (!hasMark(head)) {
            return "the file does not begin with :W&B and its mark";
        }
        return version > NEWEST_VERSION
                ? "the file is of version " + version + ": versions up to " + NEWEST_VERSION + " are read"
                : null;
    }

    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !broken) {
            if (skipBytes > 0) {
                int skipped = (int) Math.min(skipBytes, bytes.remaining());
                bytes.position(bytes.position() + skipped);
                position += skipped;
                skipBytes -= skipped;
            } else {
                int taken = Math.min(wanted - chunkBytes, bytes.remaining());
                bytes.get(chunk, chunkBytes, taken);
                chunkBytes += taken;
                position += taken;
                if (chunkBytes == wanted) {
                    complete();
                }
            }
        }
        bytes.position(bytes.limit());
    }

    /** What is there of a record that is not complete; null when nothing is. */
    @Nullable
    String incomplete() {
        return !broken && (chunkBytes > 0 || recordBegin >= 0) ? "a record without its end" : null;
    }

    private void complete() {
        if (!begun) {
            begun = true;
            String fault = headerFault(chunk);
            if (fault != null) {
                broken = true;
                receiver.unreadable(0, fault, true);
            }
            next();
        } else if (wanted == HEADER_BYTES && length() > 0) {
            int left = BLOCK_BYTES - (int) ((position - HEADER_BYTES) % BLOCK_BYTES);
            if (type() < FULL || type() > LAST || HEADER_BYTES + length() > left) {
                wrong("a chunk's header is wrong");
            } else {
                wanted = HEADER_BYTES + length();
            }
        } else {
            chunk();
        }
    }

    private void chunk() {
        if (length() == 0 && type() == 0 && fields.getInt(0) == 0) {
            toNextBlock();
            return;
        }
        CRC32 checksum = new CRC32();
        checksum.update(chunk, HEADER_BYTES - 1, chunkBytes - HEADER_BYTES + 1);
        if ((int) checksum.getValue() != fields.getInt(0) || type() < FULL || type() > LAST) {
            wrong("a chunk's checksum is wrong");
            return;
        }
        boolean begins = type() == FULL || type() == FIRST;
        long chunkBegin = position - chunkBytes;
        if (begins && recordBegin >= 0) {
            receiver.unreadable(recordBegin, "a record without its end: it is left out", false);
        } else if (!begins && recordBegin < 0 && !passing) {
            receiver.unreadable(chunkBegin, "a record without its beginning: it is left out", false);
        }
        if (begins) {
            record.reset();
            recordBegin = chunkBegin;
            passing = false;
        } else if (recordBegin < 0) {
            passing = true;
        }
        if (!passing) {
            append();
        }
        if (type() == FULL || type() == LAST) {
            if (!passing) {
                receiver.record(record.toByteArray(), recordBegin);
            }
            recordBegin = -1;
            passing = false;
        }
        next();
    }

    private void append() {
        if (record.size() + chunkBytes > LARGEST_RECORD_BYTES) {
            receiver.unreadable(recordBegin, "a record of more bytes than are read of one: it is left out", false);
            recordBegin = -1;
            passing = true;
        } else {
            record.write(chunk, HEADER_BYTES, chunkBytes - HEADER_BYTES);
        }
    }

    private void wrong(String reason) {
        receiver.unreadable(position - chunkBytes, reason + ": reading goes on with the next block", false);
        recordBegin = -1;
        passing = true;
        toNextBlock();
    }

    private void toNextBlock() {
        long chunkBegin = position - chunkBytes;
        chunkBytes = 0;
        wanted = HEADER_BYTES;
        skipBytes = (chunkBegin / BLOCK_BYTES + 1) * BLOCK_BYTES - position;
    }

    private void next() {
        chunkBytes = 0;
        wanted = HEADER_BYTES;
        int left = BLOCK_BYTES - (int) (position % BLOCK_BYTES);
        skipBytes = left < HEADER_BYTES ? left : 0;
    }

    private int length() {
        return Short.toUnsignedInt(fields.getShort(4));
    }

    private int type() {
        return chunk[6];
    }
}
