package io.straightedge.fitter.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Losses at up to {@value #STEPS} steps in a row, two bytes each and a bit a step that says whether there is one.
 *
 * <p>A loss is rounded to 2^-12 nats, of which the rounding error is 7e-5: a seventieth of what is left of the noise of two runs
 * on the same data. What is beyond 16 nats per token, or no number, is left out. Not thread-safe.
 */
final class ReferenceBlock {

    static final int STEPS = 256;

    private static final double QUANTUM = 1.0 / 4096;
    private static final int BREAK = 0xffff;
    private static final int WORDS = STEPS / Long.SIZE;

    private final long[] present = new long[WORDS];
    /** In the order of their steps; [0, size). */
    private short[] code = new short[8];

    private int size;
    private boolean dirty;

    /** Takes a loss; one where the run breaks is not kept. */
    void put(int offset, double loss) {
        long rounded = Double.isFinite(loss) ? Math.round(loss / QUANTUM) : -1;
        if (breaksAt(offset)) {
            return;
        }
        if (rounded >= 0 && rounded < BREAK) {
            set(offset, (int) rounded);
        } else if (has(offset)) {
            remove(offset);
        }
    }

    void breakAt(int offset) {
        set(offset, BREAK);
    }

    boolean breaksAt(int offset) {
        return has(offset) && (code[place(offset)] & 0xffff) == BREAK;
    }

    /** NaN where there is none. */
    double at(int offset) {
        int value = has(offset) ? code[place(offset)] & 0xffff : BREAK;
        return value == BREAK ? Double.NaN : value * QUANTUM;
    }

    boolean dirty() {
        return dirty;
    }

    private boolean has(int offset) {
        return (present[offset / Long.SIZE] >>> (offset % Long.SIZE) & 1) != 0;
    }

    /** How many come before it. */
    private int place(int offset) {
        int word = offset / Long.SIZE;
        int before = Long.bitCount(present[word] & ((1L << (offset % Long.SIZE)) - 1));
        for (int i = 0; i < word; i++) {
            before += Long.bitCount(present[i]);
        }
        return before;
    }

    private void set(int offset, int value) {
        int place = place(offset);
        if (!has(offset)) {
            if (size == code.length) {
                code = Arrays.copyOf(code, Math.min(STEPS, 2 * size));
            }
            System.arraycopy(code, place, code, place + 1, size - place);
            size++;
            present[offset / Long.SIZE] |= 1L << (offset % Long.SIZE);
        }
        code[place] = (short) value;
        dirty = true;
    }

    private void remove(int offset) {
        int place = place(offset);
        System.arraycopy(code, place + 1, code, place, size - place - 1);
        size--;
        present[offset / Long.SIZE] &= ~(1L << (offset % Long.SIZE));
        dirty = true;
    }

    /** The block as it is written; from then on it is not dirty. */
    byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES * WORDS + Short.BYTES * size);
        for (long word : present) {
            out.putLong(word);
        }
        for (int i = 0; i < size; i++) {
            out.putShort(code[i]);
        }
        dirty = false;
        return out.array();
    }

    static ReferenceBlock load(ByteBuffer in) {
        ReferenceBlock block = new ReferenceBlock();
        for (int i = 0; i < WORDS; i++) {
            block.present[i] = in.getLong();
            block.size += Long.bitCount(block.present[i]);
        }
        block.code = new short[Math.max(block.size, 8)];
        for (int i = 0; i < block.size; i++) {
            block.code[i] = in.getShort();
        }
        return block;
    }
}
