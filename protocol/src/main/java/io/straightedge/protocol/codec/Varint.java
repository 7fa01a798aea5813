package io.straightedge.protocol.codec;

import java.nio.ByteBuffer;

/** Whole numbers in as few bytes as they need: seven bits a byte, the lowest first; the top bit says that more follow. */
public final class Varint {

    private Varint() {}

    /** Writes a number that is 0 or more; negative ones take ten bytes. */
    public static void put(ByteBuffer out, long number) {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Reads what {@link #put} wrote. */
    public static long take(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    /** Bytes that {@link #put} writes. */
    public static int bytes(long number) {
        return Math.max(1, (63 - Long.numberOfLeadingZeros(number)) / 7 + 1);
    }
}
