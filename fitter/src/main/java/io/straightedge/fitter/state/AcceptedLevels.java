package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a split's loss changed its level for good, and by how much: what was learnt of the curve before holds of the
 * curve after, moved by as much.
 *
 * <p>A law fitted over the step would take it for a bend, and swing for an octave. The last {@value #MOST} levels are
 * kept: older bins weigh little by then. Not thread-safe.
 */
final class AcceptedLevels {

    private static final int MOST = 4;

    private final List<Level> levels = new ArrayList<>();

    /**
     * A level accepted.
     *
     * @param step the last one before it
     * @param bin the bin of that step
     * @param before observations of that bin that were taken before
     * @param nats by how much the curve lies higher from then on
     */
    private record Level(long step, int bin, long before, float nats) {}

    /** From the observation after {@code step} on the curve lies {@code nats} higher than {@code bins}, which end there, tell. */
    void accept(long step, LogBins bins, double nats) {
        if (bins.size() == 0 || !Double.isFinite(nats)) {
            return;
        }
        int last = bins.size() - 1;
        if (levels.size() == MOST) {
            levels.remove(0);
        }
        levels.add(new Level(step, bins.index(last), bins.count(last), (float) nats));
    }

    /** The run goes on from before {@code step}. */
    void rewind(long step) {
        levels.removeIf(level -> level.step >= step);
    }

    /** Whether a level was accepted at {@code step} or later. */
    boolean since(long step) {
        return !levels.isEmpty() && levels.get(levels.size() - 1).step >= step;
    }

    /**
     * The bins as they would be had the whole run been on the level at their end; themselves when it always was. Levels
     * that begin after their end are not theirs.
     */
    LogBins of(LogBins bins) {
        if (levels.isEmpty() || bins.size() == 0) {
            return bins;
        }
        int end = bins.index(bins.size() - 1);
        LogBins moved = new LogBins();
        for (int i = 0; i < bins.size(); i++) {
            double mean = bins.mean(i);
            double squares = bins.m2(i);
            long n = bins.count(i);
            for (Level level : levels) {
                boolean after = level.bin > end || bins.index(i) > level.bin;
                long older = after ? 0 : bins.index(i) < level.bin ? n : Math.min(n, level.before);
                double share = older / (double) n;
                mean += share * level.nats;
                squares -= share * (n - older) * level.nats * level.nats;
            }
            moved.put(bins.index(i), n, bins.meanStep(i), mean, Math.max(0, squares));
        }
        return moved;
    }

    void save(ByteBuffer out) {
        out.put((byte) levels.size());
        for (Level level : levels) {
            Varint.put(out, level.step + 1);
            Varint.put(out, level.bin);
            Varint.put(out, level.before);
            out.putFloat(level.nats);
        }
    }

    void load(ByteBuffer in) {
        levels.clear();
        for (int i = in.get(); i > 0; i--) {
            levels.add(new Level(Varint.take(in) - 1, (int) Varint.take(in), Varint.take(in), in.getFloat()));
        }
    }
}
