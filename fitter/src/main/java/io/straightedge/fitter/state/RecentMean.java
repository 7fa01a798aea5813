package io.straightedge.fitter.state;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * Mean loss over the last 2 to 3 % of the steps, wherever a run may end.
 *
 * <p>Three cells, each from its first observation for 1 % of the steps up to there; those that began within the last 3 %
 * count. O(1) an observation. The mean of the last 2 % of a plan needs no such care; a run that is cut short does.
 */
final class RecentMean {

    private static final int CELLS = 3;
    private static final double CELL = 1.01;
    private static final double RECENT = .97;

    // The newest first; count 0 is an empty cell.
    private final long[] first = new long[CELLS];
    private final long[] count = new long[CELLS];
    private final double[] mean = new double[CELLS];

    void add(long step, double loss) {
        if (count[0] == 0 || step >= CELL * first[0]) {
            for (int i = CELLS - 1; i > 0; i--) {
                first[i] = first[i - 1];
                count[i] = count[i - 1];
                mean[i] = mean[i - 1];
            }
            first[0] = step;
            count[0] = 0;
            mean[0] = 0;
        }
        count[0]++;
        mean[0] += (loss - mean[0]) / count[0];
    }

    /** The run goes on from before {@code step}. */
    void rewind(long step) {
        while (count[0] > 0 && first[0] >= step) {
            for (int i = 0; i < CELLS - 1; i++) {
                first[i] = first[i + 1];
                count[i] = count[i + 1];
                mean[i] = mean[i + 1];
            }
            count[CELLS - 1] = 0;
        }
    }

    /** NaN before the first observation. */
    double mean() {
        double sum = 0;
        long n = 0;
        for (int i = 0; i < CELLS; i++) {
            if (count[i] > 0 && first[i] >= RECENT * first[0]) {
                sum += count[i] * mean[i];
                n += count[i];
            }
        }
        return n == 0 ? Double.NaN : sum / n;
    }

    void save(ByteBuffer out) {
        for (int i = 0; i < CELLS; i++) {
            Varint.put(out, first[i]);
            Varint.put(out, count[i]);
            out.putDouble(mean[i]);
        }
    }

    void load(ByteBuffer in) {
        for (int i = 0; i < CELLS; i++) {
            first[i] = Varint.take(in);
            count[i] = Varint.take(in);
            mean[i] = in.getDouble();
        }
    }
}
