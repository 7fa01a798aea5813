package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * A bin in bytes: its index and count as numbers of variable length, then mean step, mean and M2, as floats where that
 * loses nothing, which the lowest bit of the first number tells. A closed bin has 15 to 18 bytes; what is read is what
 * was written.
 */
final class SavedBins {

    /** Most bytes of a bin. */
    static final int MOST_BYTES = 2 + 9 + 24;

    private SavedBins() {}

    static void put(ByteBuffer out, LogBins bins, int i) {
        double step = bins.meanStep(i);
        double mean = bins.mean(i);
        double m2 = bins.m2(i);
        boolean wide = (float) step != step || (float) mean != mean || (float) m2 != m2;
        Varint.put(out, 2L * bins.index(i) + (wide ? 1 : 0));
        Varint.put(out, bins.count(i));
        if (wide) {
            out.putDouble(step).putDouble(mean).putDouble(m2);
        } else {
            out.putFloat((float) step).putFloat((float) mean).putFloat((float) m2);
        }
    }

    static void take(ByteBuffer in, LogBins bins) {
        long head = Varint.take(in);
        long count = Varint.take(in);
        int index = (int) (head >>> 1);
        if ((head & 1) != 0) {
            bins.put(index, count, in.getDouble(), in.getDouble(), in.getDouble());
        } else {
            bins.put(index, count, in.getFloat(), in.getFloat(), in.getFloat());
        }
    }
}
