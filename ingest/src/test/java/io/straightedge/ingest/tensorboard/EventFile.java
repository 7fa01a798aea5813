package io.straightedge.ingest.tensorboard;

import io.straightedge.ingest.source.Wire;
import java.io.ByteArrayOutputStream;

/** Writes event files byte by byte, with a checksum computed bit by bit. */
final class EventFile {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    EventFile() {
        record(new Wire().fixed64(1, 1_700_000_000).text(3, "brain.Event:2").done());
    }

    EventFile record(byte[] data) {
        byte[] length = Wire.little(8).putLong(data.length).array();
        out.writeBytes(length);
        out.writeBytes(Wire.little(4).putInt(masked(length)).array());
        out.writeBytes(data);
        out.writeBytes(Wire.little(4).putInt(masked(data)).array());
        return this;
    }

    EventFile raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    EventFile simple(long step, String tag, double value) {
        return value(step, new Wire().text(1, tag).fixed32(2, (float) value));
    }

    EventFile value(long step, Wire value) {
        return record(event(step).message(5, new Wire().message(1, value)).done());
    }

    EventFile start(long step) {
        return record(event(step).message(7, new Wire().varint(1, 1)).done());
    }

    byte[] done() {
        return out.toByteArray();
    }

    static Wire event(long step) {
        return new Wire().fixed64(1, 1_700_000_000.0 + step).varint(2, step);
    }

    static Wire metadata(String plugin, int dataClass) {
        return new Wire().message(1, new Wire().text(1, plugin)).varint(4, dataClass);
    }

    static int masked(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }
}
