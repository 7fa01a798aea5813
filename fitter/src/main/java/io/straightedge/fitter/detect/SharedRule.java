package io.straightedge.fitter.detect;

import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;

/**
 * Finds a step at which many runs of a study are up at once: runs that see the same data in the same order meet a hard batch
 * at the same step, whenever each of them comes there.
 *
 * <p>A step is remembered from the first run that is up by {@value #OPENS} standard deviations there; from then on every
 * run that is up by {@value #COUNTS} counts. It is shared when {@value #LEAST_RUNS} runs count, they are {@value #SHARE} of
 * those that have passed it, and so many would be up together at one step in {@value #ONCE_PER} if each were up by itself in
 * {@value #ALONE} of its observations, which is what real ones are at most: C(n, k) p^k. At most {@value #MOST} steps
 * are remembered; the one with the fewest runs goes first, the lower of equals. O({@value #MOST}) for an observation that is
 * up, else O(1). Not thread-safe.
 */
public final class SharedRule {

    static final double OPENS = 2.2;
    static final double COUNTS = 2;
    static final int LEAST_RUNS = 5;
    static final double SHARE = .3;
    static final double ALONE = .05;
    static final double ONCE_PER = 1e7;
    static final int MOST = 256;

    // [0, size) in no order.
    private final long[] step = new long[MOST];
    private final int[] runs = new int[MOST];
    private final boolean[] told = new boolean[MOST];

    private int size;

    /** Whether z is worth {@link #add}: most are not. */
    public static boolean counts(double z) {
        return z > COUNTS;
    }

    /** A run is up by z at a step; the number of runs that were, 0 when the step is not remembered. */
    public int add(long atStep, double z) {
        int at = find(atStep);
        if (at < 0 && z > OPENS) {
            at = size < MOST ? size++ : leastNeeded();
            step[at] = atStep;
            runs[at] = 0;
            told[at] = false;
        }
        return at < 0 ? 0 : ++runs[at];
    }

    /**
     * Whether it is to be told that the step is shared: once.
     *
     * @param passed runs that have seen the step
     */
    public boolean tells(long atStep, int passed) {
        int at = find(atStep);
        boolean shared = at >= 0
                && runs[at] >= LEAST_RUNS
                && runs[at] >= SHARE * passed
                && !told[at]
                && chance(runs[at], passed) * ONCE_PER < 1;
        if (shared) {
            told[at] = true;
        }
        return shared;
    }

    /** C(n, k) p^k: at least the probability that k of n independent runs are up. */
    private static double chance(int up, int passed) {
        int n = Math.max(up, passed);
        double chance = 1;
        for (int i = 1; i <= up; i++) {
            chance *= ALONE * (n - up + i) / i;
        }
        return chance;
    }

    /** Whether so many runs can be enough. */
    public static boolean enough(int runs) {
        return runs >= LEAST_RUNS;
    }

    private int find(long atStep) {
        for (int i = 0; i < size; i++) {
            if (step[i] == atStep) {
                return i;
            }
        }
        return -1;
    }

    private int leastNeeded() {
        int least = 0;
        for (int i = 1; i < size; i++) {
            if (runs[i] < runs[least] || (runs[i] == runs[least] && step[i] < step[least])) {
                least = i;
            }
        }
        return least;
    }

    public byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(2 + 20 * size);
        Varint.put(out, size);
        for (int i = 0; i < size; i++) {
            Varint.put(out, step[i]);
            Varint.put(out, runs[i]);
            Varint.put(out, told[i] ? 1 : 0);
        }
        byte[] saved = new byte[out.position()];
        out.flip().get(saved);
        return saved;
    }

    public void load(ByteBuffer in) {
        size = (int) Varint.take(in);
        for (int i = 0; i < size; i++) {
            step[i] = Varint.take(in);
            runs[i] = (int) Varint.take(in);
            told[i] = Varint.take(in) != 0;
        }
    }
}
