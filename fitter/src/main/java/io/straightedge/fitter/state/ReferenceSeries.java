package io.straightedge.fitter.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The losses, by step, of the one run of a study that others of its data order are held against.
 *
 * <p>Kept by blocks of {@value ReferenceBlock#STEPS} steps, two bytes a logged step: 2 MB for a million. At most {@value
 * #MOST_BLOCKS} blocks, the newest: a run behind them has nothing to be held against. Not thread-safe.
 */
final class ReferenceSeries {

    static final int MOST_BLOCKS = 4096;

    private final TreeMap<Long, ReferenceBlock> blocks = new TreeMap<>();
    private final List<Long> dropped = new ArrayList<>();

    /** The run; null before the first loss. */
    private @Nullable String run;

    private boolean dirty;
    /** The block that was last asked for: the next step is mostly there too. */
    private long lastNumber = -1;

    private @Nullable ReferenceBlock last;

    @Nullable
    String run() {
        return run;
    }

    /** Whether a run is the reference; the first that asks becomes it. */
    boolean isOf(String name) {
        if (run == null) {
            run = name;
            dirty = true;
        }
        return name.equals(run);
    }

    /** Another run takes over, and what was known of the one before is dropped. */
    void takeOver(String name) {
        run = name;
        dirty = true;
        dropped.addAll(blocks.keySet());
        blocks.clear();
        lastNumber = -1;
    }

    /** Whether a step lies behind all that is known. */
    boolean endsBefore(long step) {
        return blocks.isEmpty() || blocks.lastKey() < number(step);
    }

    /** Takes the loss at a step, nats per token; NaN where it says nothing. */
    void put(long step, double loss) {
        made(step).put(offset(step), loss);
    }

    /** From this step on the run is not what it was: a new attempt, or a change of its recipe. */
    void breakAt(long step) {
        made(step).breakAt(offset(step));
    }

    /** The loss at a step; NaN where none is known. */
    double at(long step) {
        ReferenceBlock block = find(step);
        return block == null ? Double.NaN : block.at(offset(step));
    }

    boolean breaksAt(long step) {
        ReferenceBlock block = find(step);
        return block != null && block.breaksAt(offset(step));
    }

    private ReferenceBlock made(long step) {
        ReferenceBlock known = find(step);
        if (known != null) {
            return known;
        }
        ReferenceBlock block = new ReferenceBlock();
        blocks.put(number(step), block);
        dropped.remove(number(step));
        last = block;
        if (blocks.size() > MOST_BLOCKS) {
            long oldest = blocks.firstKey();
            blocks.remove(oldest);
            dropped.add(oldest);
            lastNumber = -1;
        }
        return block;
    }

    private @Nullable ReferenceBlock find(long step) {
        long number = number(step);
        if (number != lastNumber) {
            lastNumber = number;
            last = blocks.get(number);
        }
        return last;
    }

    private static Long number(long step) {
        return step / ReferenceBlock.STEPS;
    }

    private static int offset(long step) {
        return (int) (step % ReferenceBlock.STEPS);
    }

    /** What has changed since the last save. */
    record Changes(@Nullable String run, Map<Long, byte[]> blocks, List<Long> dropped) {}

    /** Gives what has changed, once; the name only when it is new. */
    Changes changes() {
        Map<Long, byte[]> changed = new TreeMap<>();
        blocks.forEach((number, block) -> {
            if (block.dirty()) {
                changed.put(number, block.save());
            }
        });
        Changes changes = new Changes(dirty ? run : null, changed, List.copyOf(dropped));
        dirty = false;
        dropped.clear();
        return changes;
    }

    /** Numbers of the blocks there are, and of those not yet said to be dropped. */
    List<Long> written() {
        List<Long> written = new ArrayList<>(blocks.keySet());
        written.addAll(dropped);
        return written;
    }

    void restoreRun(String name) {
        run = name;
    }

    void restoreBlock(long number, ByteBuffer in) {
        blocks.put(number, ReferenceBlock.load(in));
        lastNumber = -1;
    }
}
