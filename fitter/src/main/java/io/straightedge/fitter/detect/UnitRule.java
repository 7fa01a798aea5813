package io.straightedge.fitter.detect;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a loss that is logged in another unit than its study's.
 *
 * <p>Two ways, both on the first closed bins, at least {@value #LEAST_BINS}. Beside other runs at the same steps: the loss over
 * their median is c within {@value #OFF} of its logarithm on average, c the factor of a unit; the loss itself lies further
 * than half of |ln c| outside all of theirs in every bin, and the loss over c among them. By the vocabulary V, for a run logged
 * from its beginning: a loss of c ln V in all these bins, where an untrained model has ln V. A healthy run of another size, rate or
 * batch keeps no constant ratio while it begins to learn. Losses in nats per token. O(bins runs).
 */
public final class UnitRule {

    /** Fewer bins may be a coincidence. */
    public static final int LEAST_BINS = 10;

    /** Later bins say what these did not. */
    public static final int MOST_BINS = 24;

    /** Fewer other runs say nothing. */
    public static final int LEAST_RUNS = 3;

    private static final double OFF = .06;
    private static final double OFF_GUESSING = .06;
    private static final double ROOM = .05;
    private static final double SPREAD = .04;
    private static final double FIRST_STEPS = 2;
    private static final int TRIMMED_FROM = 8;

    private UnitRule() {}

    /** What a loss may have been logged in. */
    public enum Unit {
        /** Bits, while the study has nats: log2 e times too large. */
        BITS(1, "bits, which are 1.443 times nats: log it times ln 2", 1 / Math.log(2), 0),
        /** Nats, while the study has bits. */
        NATS(
                2,
                "nats, while the study's unit is bits: log it over ln 2, or correct the study's lossUnit",
                Math.log(2),
                0),
        LOG10(3, "base-10 logarithms: log it times ln 10", 1 / Math.log(10), 0),
        /** A nat or bit per byte: some four bytes are a token. */
        PER_BYTE(4, "a loss per byte: log it times the bytes of a token", .29, .35);

        private final int code;
        private final String words;
        private final double factor;
        private final double room;

        Unit(int code, String words, double factor, double room) {
            this.code = code;
            this.words = words;
            this.factor = factor;
            this.room = room;
        }

        /** What it looks like and how to put it right. */
        public String words() {
            return words;
        }

        /** What it is saved as; above 0. */
        public int code() {
            return code;
        }

        /** The unit that was saved as {@code code}; null for 0. */
        public static @Nullable Unit of(int code) {
            return Arrays.stream(values())
                    .filter(unit -> unit.code == code)
                    .findFirst()
                    .orElse(null);
        }

        private double logFactor() {
            return Math.log(factor);
        }
    }

    /**
     * The unit that a run's losses look like beside others'; null where it is the right one, or too little is known.
     *
     * @param losses of the run's closed bins, oldest first [n]
     * @param others losses of other runs at the same steps [n][runs]
     */
    public static @Nullable Unit beside(double[] losses, double[][] others) {
        int n = losses.length;
        if (n < LEAST_BINS) {
            return null;
        }
        double[] ratio = new double[n];
        double[] least = new double[n];
        double[] most = new double[n];
        for (int i = 0; i < n; i++) {
            if (others[i].length < LEAST_RUNS || !(losses[i] > 0)) {
                return null;
            }
            double[] sorted = others[i].clone();
            Arrays.sort(sorted);
            int odd = sorted.length / TRIMMED_FROM;
            least[i] = Math.log(sorted[odd]);
            most[i] = Math.log(sorted[sorted.length - 1 - odd]);
            ratio[i] = Math.log(losses[i] / sorted[sorted.length / 2]);
        }
        double mean = Arrays.stream(ratio).average().orElse(0);
        for (Unit unit : List.of(Unit.BITS, Unit.NATS, Unit.LOG10, Unit.PER_BYTE)) {
            double off = mean - unit.logFactor();
            if (Math.abs(off) > OFF + unit.room) {
                continue;
            }
            double factor = unit.room > 0 ? mean : unit.logFactor();
            boolean all = true;
            for (int i = 0; i < n && all; i++) {
                double log = Math.log(losses[i]);
                double outside = factor > 0 ? log - most[i] : least[i] - log;
                all = outside > .5 * Math.abs(factor)
                        && log - factor >= least[i] - ROOM
                        && log - factor <= most[i] + ROOM
                        && Math.abs(ratio[i] - mean) <= SPREAD;
            }
            if (all) {
                return unit;
            }
        }
        return null;
    }

    /**
     * The unit that an untrained model's loss looks like; null where it is the right one, or too little is known.
     *
     * @param steps mean steps of the closed bins [n]
     */
    public static @Nullable Unit byVocabulary(double[] losses, double[] steps, @Nullable Integer vocabulary) {
        int n = losses.length;
        if (n < LEAST_BINS || vocabulary == null || vocabulary < 2 || steps[0] > FIRST_STEPS) {
            return null;
        }
        double guessing = Math.log(Math.log(vocabulary));
        for (Unit unit : List.of(Unit.BITS, Unit.NATS, Unit.LOG10)) {
            boolean all = true;
            for (int i = 0; i < LEAST_BINS && all; i++) {
                all = Math.abs(Math.log(losses[i]) - guessing - unit.logFactor()) <= OFF_GUESSING;
            }
            if (all) {
                return unit;
            }
        }
        return null;
    }
}
