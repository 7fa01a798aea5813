package io.straightedge.ingest.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Protobuf's bytes written by hand, from its documentation, so that readers are tested against nothing of their own. */
public final class Wire {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Wire varint(int field, long value) {
        raw((long) field << 3);
        raw(value);
        return this;
    }

    public Wire fixed64(int field, double value) {
        raw(((long) field << 3) | 1);
        out.writeBytes(little(8).putDouble(value).array());
        return this;
    }

    public Wire fixed32(int field, float value) {
        raw(((long) field << 3) | 5);
        out.writeBytes(little(4).putFloat(value).array());
        return this;
    }

    public Wire bytes(int field, byte[] value) {
        raw(((long) field << 3) | 2);
        raw(value.length);
        out.writeBytes(value);
        return this;
    }

    public Wire text(int field, String value) {
        return bytes(field, value.getBytes(UTF_8));
    }

    public Wire message(int field, Wire value) {
        return bytes(field, value.done());
    }

    public byte[] done() {
        return out.toByteArray();
    }

    public static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
