package io.straightedge.fitter.curve;

import java.util.Arrays;

/**
 * The binned curve of one run: eight logarithmic bins an octave of steps.
 *
 * <p>Bin b holds the steps k with floor(8 log2(max(k, 1))) = b: count n, mean step, mean loss and M2, the sum of squared
 * deviations, by Welford's update. That is the run's whole memory: 10^7 steps make at most 187 bins of 36 bytes. Against
 * raw data no loss of forecast accuracy could be measured. O(1) per observation, O(log bins) for one that comes late.
 * Mutable, not thread-safe.
 */
public final class LogBins {

    /** Bins an octave of steps. */
    public static final int PER_OCTAVE = 8;

    private static final int QUARTERS_PER_OCTAVE = 4 * PER_OCTAVE;

    /** 2^(j/8): the lower edges of the bins of [1, 2). */
    private static final double[] EDGE = edges(PER_OCTAVE);

    private static final double[] QUARTER_EDGE = edges(QUARTERS_PER_OCTAVE);

    // Struct of arrays; [0, size) in rising index.
    private int[] index = new int[32];
    private long[] count = new long[32];
    private double[] meanStep = new double[32];
    private double[] mean = new double[32];
    private double[] m2 = new double[32];
    private int size;

    /**
     * The bin of {@code step}; steps below 1 belong to bin 0. The octave comes from the bits, so powers of two are
     * exact.
     */
    public static int indexOf(long step) {
        return indexOf(step, EDGE);
    }

    /** The same with quarters of bins. */
    public static int quarterOf(long step) {
        return indexOf(step, QUARTER_EDGE);
    }

    private static int indexOf(long step, double[] edge) {
        if (step <= 1) {
            return 0;
        }
        int octave = 63 - Long.numberOfLeadingZeros(step);
        double fraction = Math.scalb((double) step, -octave);
        int j = edge.length - 1;
        while (fraction < edge[j]) {
            j--;
        }
        return octave * edge.length + j;
    }

    private static double[] edges(int perOctave) {
        double[] edges = new double[perOctave];
        for (int j = 0; j < perOctave; j++) {
            edges[j] = StrictMath.pow(2, j / (double) perOctave);
        }
        return edges;
    }

    /** The first step that belongs to bin {@code index} or a later one; 0 for bin 0. */
    public static long firstStep(int index) {
        if (index <= 0) {
            return 0;
        }
        int octave = index / PER_OCTAVE;
        long step = (long) Math.ceil(Math.scalb(EDGE[index % PER_OCTAVE], octave));
        return Math.max(2, step);
    }

    /**
     * Takes an observation.
     *
     * @param loss finite; nats per token
     * @return true when it opened a new last bin, so that the one before is closed
     */
    public boolean add(long step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new IllegalArgumentException("loss is " + loss + ": only finite losses are binned");
        }
        int bin = indexOf(step);
        int at = size - 1;
        while (at >= 0 && index[at] > bin) {
            at--;
        }
        boolean opened = at < 0 || index[at] != bin;
        boolean atEnd = at == size - 1;
        if (opened) {
            at++;
            insert(at, bin);
        }
        long n = ++count[at];
        meanStep[at] += (step - meanStep[at]) / n;
        double before = loss - mean[at];
        mean[at] += before / n;
        m2[at] += before * (loss - mean[at]);
        return opened && atEnd && size > 1;
    }

    private void insert(int at, int bin) {
        if (size == index.length) {
            int capacity = 2 * size;
            index = Arrays.copyOf(index, capacity);
            count = Arrays.copyOf(count, capacity);
            meanStep = Arrays.copyOf(meanStep, capacity);
            mean = Arrays.copyOf(mean, capacity);
            m2 = Arrays.copyOf(m2, capacity);
        }
        int tail = size - at;
        System.arraycopy(index, at, index, at + 1, tail);
        System.arraycopy(count, at, count, at + 1, tail);
        System.arraycopy(meanStep, at, meanStep, at + 1, tail);
        System.arraycopy(mean, at, mean, at + 1, tail);
        System.arraycopy(m2, at, m2, at + 1, tail);
        index[at] = bin;
        count[at] = 0;
        meanStep[at] = 0;
        mean[at] = 0;
        m2[at] = 0;
        size++;
    }

    /**
     * Goes back to a checkpoint at {@code step}: drops the bins that begin at or after it. The bin that holds
     * {@code step} keeps what it has, at most 9 % of the steps.
     */
    public void truncate(long step) {
        while (size > 0 && firstStep(index[size - 1]) >= step) {
            size--;
        }
    }

    /**
     * The same, and the bin that holds {@code step} keeps the share of its weight that lies before it: what it had seen
     * from there to {@code lastStep} is undone.
     */
    public void truncate(long step, long lastStep) {
        truncate(step);
        int at = size - 1;
        if (at < 0) {
            return;
        }
        long first = firstStep(index[at]);
        long last = Math.min(lastStep, firstStep(index[at] + 1) - 1);
        if (last < step) {
            return;
        }
        long kept = Math.round(count[at] * ((double) (step - first) / (last - first + 1)));
        if (kept == 0) {
            size--;
        } else if (kept < count[at]) {
            m2[at] *= kept / (double) count[at];
            count[at] = kept;
            meanStep[at] = Math.min(meanStep[at], step - 1.0);
        }
    }

    /** Takes an observation out of the last bin again; false when it is not there, or alone. */
    public boolean remove(long step, double loss) {
        int at = size - 1;
        if (at < 0 || index[at] != indexOf(step) || count[at] < 2) {
            return false;
        }
        long n = --count[at];
        meanStep[at] -= (step - meanStep[at]) / n;
        double before = loss - mean[at];
        mean[at] -= before / n;
        m2[at] = Math.max(0, m2[at] - before * (loss - mean[at]));
        return true;
    }

    /**
     * Rounds the numbers of the i-th bin to 24 bits, as it is kept once it is closed: 6e-8 of the loss, far below any
     * noise, for a third of the memory.
     */
    public void settle(int i) {
        checked(i);
        meanStep[i] = (float) meanStep[i];
        mean[i] = (float) mean[i];
        m2[i] = (float) m2[i];
    }

    /** A copy of the first {@code n} bins. */
    public LogBins first(int n) {
        LogBins copy = new LogBins();
        copy.index = Arrays.copyOf(index, Math.max(1, n));
        copy.count = Arrays.copyOf(count, Math.max(1, n));
        copy.meanStep = Arrays.copyOf(meanStep, Math.max(1, n));
        copy.mean = Arrays.copyOf(mean, Math.max(1, n));
        copy.m2 = Arrays.copyOf(m2, Math.max(1, n));
        copy.size = n;
        return copy;
    }

    /**
     * Appends a bin as it was read from {@link #index}, {@link #count}, {@link #meanStep}, {@link #mean}, {@link #m2}.
     */
    public void put(int binIndex, long n, double step, double loss, double squares) {
        if (size > 0 && index[size - 1] >= binIndex) {
            throw new IllegalArgumentException(
                    "bin " + binIndex + " after bin " + index[size - 1] + ": bins are restored in rising order");
        }
        insert(size, binIndex);
        count[size - 1] = n;
        meanStep[size - 1] = step;
        mean[size - 1] = loss;
        m2[size - 1] = squares;
    }

    /** Number of bins that hold something. */
    public int size() {
        return size;
    }

    /** Index of the i-th bin, rising with i. */
    public int index(int i) {
        return index[checked(i)];
    }

    /** Observations in the i-th bin. */
    public long count(int i) {
        return count[checked(i)];
    }

    /** Mean step of the i-th bin's observations. */
    public double meanStep(int i) {
        return meanStep[checked(i)];
    }

    /** Mean loss of the i-th bin, nats per token. */
    public double mean(int i) {
        return mean[checked(i)];
    }

    /** Sum of squared deviations from the mean in the i-th bin. */
    public double m2(int i) {
        return m2[checked(i)];
    }

    private int checked(int i) {
        if (i < 0 || i >= size) {
            throw new IndexOutOfBoundsException("bin " + i + " of " + size);
        }
        return i;
    }
}
