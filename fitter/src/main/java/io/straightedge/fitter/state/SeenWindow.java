package io.straightedge.fitter.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Remembers which of the last {@value #STEPS} places a split has logged, and an 8-bit hash of each value.
 *
 * <p>Places lie {@code stride} steps apart, the greatest common divisor of the distances between the steps logged so
 * far, so that a job which logs every 50 steps, or counts sequences, is remembered as far back as one which logs each
 * step; with stride 1 a place is a step. Slot {@code place mod 1024} holds the hash, 0 for a place not logged. Places
 * that are skipped are cleared on the way, so a slot never speaks of an older step. A step between places lays the
 * slots out anew. Two different values have the same hash once in 255 times; then a restart is noticed one observation
 * later. Saved in blocks of {@value #BLOCK} slots, of which a commit mostly touches one.
 */
final class SeenWindow {

    static final int STEPS = 1024;
    static final int BLOCK = 128;
    static final int BLOCKS = STEPS / BLOCK;

    /** Bytes that {@link #save} writes. */
    static final int BYTES = 16;

    /** A gap this many times as wide as the usual one is a hole. */
    private static final double HOLE = 1.5;

    /** How an observation relates to what was seen. */
    enum Relation {
        /** Ahead of all before it. */
        AHEAD,
        /** Logged before with the same value. */
        SAME,
        /** Logged before with another value. */
        DIFFERENT,
        /** Behind the last step, and not logged before. */
        SKIPPED,
        /** Too far behind to tell. */
        FAR_BEHIND
    }

    private final byte[] slots = new byte[STEPS];
    private int dirtyBlocks;

    /** The first step logged; negative before it. */
    private long origin = -1;

    /** 0 before the second step. */
    private long stride;

    /** Relation of {@code step} with {@code value} to a split whose last step is {@code lastStep}. */
    Relation relation(long lastStep, long step, double value) {
        if (step > lastStep) {
            return Relation.AHEAD;
        }
        if (place(lastStep) - place(step) >= STEPS) {
            return Relation.FAR_BEHIND;
        }
        byte slot = onPlace(step) ? slots[slot(place(step))] : 0;
        if (slot == 0) {
            return Relation.SKIPPED;
        }
        return slot == hash(step, value) ? Relation.SAME : Relation.DIFFERENT;
    }

    /** Remembers {@code step}, the new last one, which lies ahead of {@code lastStep}. */
    void advance(long lastStep, long step, double value) {
        admit(lastStep, step);
        long place = place(step);
        for (long skipped = Math.max(place(lastStep) + 1, place - STEPS + 1); skipped < place; skipped++) {
            set(slot(skipped), (byte) 0);
        }
        set(slot(place), hash(step, value));
    }

    /** Remembers {@code step}, which was skipped and is at most as far back as the window reaches. */
    void mark(long lastStep, long step, double value) {
        admit(lastStep, step);
        if (place(lastStep) - place(step) < STEPS) {
            set(slot(place(step)), hash(step, value));
        }
    }

    /** Forgets the steps in [step, lastStep]: the run goes on from before {@code step}. */
    void rewind(long lastStep, long step) {
        long last = place(lastStep);
        long first = onPlace(step) ? place(step) : place(step) + 1;
        for (long undone = Math.max(first, last - STEPS + 1); undone <= last; undone++) {
            set(slot(undone), (byte) 0);
        }
    }

    /**
     * Whether the skipped {@code step} lies in a gap wider than the usual one of the window: what comes to fill such a
     * hole was overtaken on its way, while a run that goes over the same ground again finds it as densely logged as
     * any. Before the first step of the window there is none.
     */
    boolean inHole(long lastStep, long step) {
        long last = place(lastStep);
        long at = place(step);
        long below = Long.MIN_VALUE;
        long above = Long.MAX_VALUE;
        long first = last;
        int logged = 0;
        for (long place = last; place > last - STEPS; place--) {
            if (slots[slot(place)] != 0) {
                logged++;
                first = place;
                if (place > at) {
                    above = place;
                } else if (below == Long.MIN_VALUE) {
                    below = place;
                }
            }
        }
        if (logged < 2 || above == Long.MAX_VALUE || below == Long.MIN_VALUE) {
            return false;
        }
        double usual = (last - first) / (logged - 1.0);
        return above - below > HOLE * usual;
    }

    /** Bit b is set when block b has changed since {@link #clean}. */
    int dirtyBlocks() {
        return dirtyBlocks;
    }

    void clean() {
        dirtyBlocks = 0;
    }

    byte[] block(int block) {
        return Arrays.copyOfRange(slots, block * BLOCK, (block + 1) * BLOCK);
    }

    void restoreBlock(int block, ByteBuffer in) {
        in.get(slots, block * BLOCK, BLOCK);
    }

    /** What is not in the blocks. */
    void save(ByteBuffer out) {
        out.putLong(origin).putLong(stride);
    }

    void load(ByteBuffer in) {
        origin = in.getLong();
        stride = in.getLong();
    }

    /** Makes {@code step} a place. */
    private void admit(long lastStep, long step) {
        if (origin < 0) {
            origin = step;
        } else if (!onPlace(step)) {
            long narrower = divisor(stride, Math.abs(step - origin));
            if (stride > 0) {
                layOut(lastStep, narrower);
            }
            stride = narrower;
        }
    }

    private void layOut(long lastStep, long narrower) {
        byte[] anew = new byte[STEPS];
        long ratio = stride / narrower;
        long last = Math.floorDiv(lastStep - origin, narrower);
        for (long place = place(lastStep); last - place * ratio < STEPS && place > place(lastStep) - STEPS; place--) {
            anew[slot(place * ratio)] = slots[slot(place)];
        }
        for (int i = 0; i < STEPS; i++) {
            set(i, anew[i]);
        }
    }

    private boolean onPlace(long step) {
        return stride == 0 ? step == origin : Math.floorMod(step - origin, stride) == 0;
    }

    /** The last place that is not ahead of {@code step}. */
    private long place(long step) {
        return Math.floorDiv(step - Math.max(0, origin), Math.max(1, stride));
    }

    private static int slot(long place) {
        return (int) Math.floorMod(place, (long) STEPS);
    }

    private void set(int slot, byte value) {
        if (slots[slot] != value) {
            slots[slot] = value;
            dirtyBlocks |= 1 << (slot / BLOCK);
        }
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** Never 0. */
    static byte hash(long step, double value) {
        long mixed = (Double.doubleToLongBits(value) ^ step * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        byte hash = (byte) (mixed >>> 56);
        return hash == 0 ? 1 : hash;
    }
}
