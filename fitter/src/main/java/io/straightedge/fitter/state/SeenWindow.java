package io.straightedge.fitter.state;

import java.nio.ByteBuffer;

/**
 * Remembers which of the last {@value #STEPS} steps a split has logged, and a 16-bit hash of each value.
 *
 * <p>Slot {@code step mod 1024} holds the hash, 0 for a step not logged. Steps that are skipped are cleared on the way,
 * so a slot never speaks of an older step. Two different values have the same hash once in 65,535 times; then a
 * restart is noticed one observation later. Saved in blocks of 64 slots, of which a commit mostly touches one.
 */
final class SeenWindow {

    static final int STEPS = 1024;
    static final int BLOCK = 64;
    static final int BLOCKS = STEPS / BLOCK;

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

    private final short[] slots = new short[STEPS];
    private int dirtyBlocks;

    /** Relation of {@code step} with {@code value} to a split whose last step is {@code lastStep}. */
    Relation relation(long lastStep, long step, double value) {
        if (step > lastStep) {
            return Relation.AHEAD;
        }
        if (step <= lastStep - STEPS) {
            return Relation.FAR_BEHIND;
        }
        short slot = slots[(int) (step % STEPS)];
        if (slot == 0) {
            return Relation.SKIPPED;
        }
        return slot == hash(step, value) ? Relation.SAME : Relation.DIFFERENT;
    }

    /** Remembers {@code step}, the new last one, which lies ahead of {@code lastStep}. */
    void advance(long lastStep, long step, double value) {
        long from = Math.max(lastStep + 1, step - STEPS + 1);
        for (long skipped = Math.max(0, from); skipped < step; skipped++) {
            set((int) (skipped % STEPS), (short) 0);
        }
        set((int) (step % STEPS), hash(step, value));
    }

    /** Forgets the steps in [step, lastStep]: the run goes on from before {@code step}. */
    void rewind(long lastStep, long step) {
        long from = Math.max(step, lastStep - STEPS + 1);
        for (long undone = Math.max(0, from); undone <= lastStep; undone++) {
            set((int) (undone % STEPS), (short) 0);
        }
    }

    /** Bit b is set when block b has changed since {@link #clean}. */
    int dirtyBlocks() {
        return dirtyBlocks;
    }

    void clean() {
        dirtyBlocks = 0;
    }

    byte[] block(int block) {
        ByteBuffer out = ByteBuffer.allocate(2 * BLOCK);
        for (int i = 0; i < BLOCK; i++) {
            out.putShort(slots[block * BLOCK + i]);
        }
        return out.array();
    }

    void restoreBlock(int block, ByteBuffer in) {
        for (int i = 0; i < BLOCK; i++) {
            slots[block * BLOCK + i] = in.getShort();
        }
    }

    private void set(int slot, short value) {
        if (slots[slot] != value) {
            slots[slot] = value;
            dirtyBlocks |= 1 << (slot / BLOCK);
        }
    }

    private static short hash(long step, double value) {
        long mixed = (Double.doubleToLongBits(value) ^ step * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        short hash = (short) (mixed >>> 48);
        return hash == 0 ? 1 : hash;
    }
}
