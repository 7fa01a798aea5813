package io.straightedge.ingest.wandb;

import io.straightedge.ingest.source.Wire;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes {@code .wandb} files byte by byte, with a checksum computed bit by bit. */
final class OfflineFile {

    private static final int BLOCK = 32_768;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    OfflineFile() {
        this(0);
    }

    OfflineFile(int version) {
        out.writeBytes(new byte[] {':', 'W', '&', 'B', (byte) 0xE1, (byte) 0xBE, (byte) version});
    }

    OfflineFile record(byte[] data) {
        int at = 0;
        boolean first = true;
        do {
            int left = BLOCK - out.size() % BLOCK;
            if (left < 7) {
                out.writeBytes(new byte[left]);
                left = BLOCK;
            }
            int length = Math.min(data.length - at, left - 7);
            boolean last = at + length == data.length;
            chunk(first ? last ? 1 : 2 : last ? 4 : 3, Arrays.copyOfRange(data, at, at + length));
            at += length;
            first = false;
        } while (at < data.length);
        return this;
    }

    OfflineFile record(Wire record) {
        return record(record.done());
    }

    OfflineFile chunk(int type, byte[] data) {
        byte[] checked = new byte[data.length + 1];
        checked[0] = (byte) type;
        System.arraycopy(data, 0, checked, 1, data.length);
        out.writeBytes(Wire.little(7)
                .putInt(crc(checked))
                .putShort((short) data.length)
                .put((byte) type)
                .array());
        out.writeBytes(data);
        return this;
    }

    /** A record of another kind that brings the file to this size exactly. */
    OfflineFile fillTo(int bytes) {
        chunk(1, new Wire().bytes(4, new byte[bytes - out.size() - 7 - 4]).done());
        if (out.size() != bytes) {
            throw new IllegalStateException("filled to " + out.size());
        }
        return this;
    }

    OfflineFile history(long step, String... names) {
        return record(new Wire().varint(1, step).message(2, row(step, names)));
    }

    byte[] done() {
        return out.toByteArray();
    }

    int size() {
        return out.size();
    }

    /** A row of {@code name, JSON, name, JSON ...}. */
    static Wire row(long step, String... names) {
        Wire row = new Wire();
        for (int i = 0; i < names.length; i += 2) {
            row.message(1, new Wire().text(2, names[i]).text(16, names[i + 1]));
        }
        row.message(1, new Wire().text(2, "_timestamp").text(16, (1_700_000_000 + step) + ".5"));
        return row.message(1, new Wire().text(2, "_step").text(16, Long.toString(step)));
    }

    static int crc(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
            }
        }
        return ~crc;
    }
}
