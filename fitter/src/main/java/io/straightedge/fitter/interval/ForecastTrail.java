package io.straightedge.fitter.interval;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The forecasts kept of one split of one run, by rising step: one when a {@linkplain ScoredFractions fraction} of the
 * plan has been passed, and one when the plan's end has moved.
 *
 * <p>At most {@value #MOST}, in at most 1.5 kB. Steps are kept beside plans, so that the fractions can be told again
 * when the run ends elsewhere than planned. Not thread-safe.
 */
public final class ForecastTrail {

    static final int MOST = 20;
    /** Ends further apart than this, relatively, are not the same end. */
    private static final double SAME_END = 0.05;
    /** First byte of what is saved. */
    private static final byte FORMAT = 3;

    private final List<KeptForecast> kept = new ArrayList<>();

    /** What is kept, by rising step; a copy. */
    public List<KeptForecast> kept() {
        return List.copyOf(kept);
    }

    public boolean isEmpty() {
        return kept.isEmpty();
    }

    /** Whether a forecast made at {@code step} for that end is to be kept. */
    public boolean due(long step, long plannedSteps) {
        if (step < 1 || plannedSteps < 1 || step >= plannedSteps) {
            return false;
        }
        int passed = ScoredFractions.passed(step / (double) plannedSteps);
        if (passed < 0 || kept.isEmpty()) {
            return passed >= 0;
        }
        KeptForecast last = kept.get(kept.size() - 1);
        return !sameEnd(last.plannedSteps(), plannedSteps)
                || passed > ScoredFractions.passed(last.step() / (double) plannedSteps);
    }

    /** Keeps a forecast, in place of any made at its step or later. */
    public void keep(KeptForecast forecast) {
        rewind(forecast.step());
        kept.add(forecast);
        if (kept.size() > MOST) {
            kept.remove(leastNeeded());
        }
    }

    /** Forgets what was forecast at {@code step} and later: the run goes on from before; true when there was any. */
    public boolean rewind(long step) {
        return kept.removeIf(forecast -> forecast.step() >= step);
    }

    /** Whether a forecast for one end can be held against a run that ended at the other. */
    public static boolean sameEnd(long plannedSteps, long endStep) {
        return Math.abs(plannedSteps - endStep) <= SAME_END * endStep;
    }

    /** The oldest that was made for another end than the newest, or else the one nearest to the one before it. */
    private int leastNeeded() {
        long end = kept.get(kept.size() - 1).plannedSteps();
        int nearest = 1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < kept.size() - 1; i++) {
            if (!sameEnd(kept.get(i).plannedSteps(), end)) {
                return i;
            }
            double ratio = i == 0
                    ? Double.POSITIVE_INFINITY
                    : kept.get(i).step() / (double) kept.get(i - 1).step();
            if (ratio < least) {
                least = ratio;
                nearest = i;
            }
        }
        return nearest;
    }

    /** As bytes. */
    public byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(
                2 + kept.stream().mapToInt(KeptForecast::bytes).sum());
        out.put(FORMAT).put((byte) kept.size());
        kept.forEach(forecast -> forecast.save(out));
        return out.array();
    }

    /** Restores what was saved; what the first builds saved is passed over. */
    public void load(ByteBuffer in) {
        kept.clear();
        byte format = in.get();
        if (format == '{' || format == 2) {
            return;
        }
        if (format != FORMAT) {
            throw new IllegalStateException("forecasts were kept in a format that this build does not read: " + format);
        }
        for (int left = in.get(); left > 0; left--) {
            kept.add(KeptForecast.load(in));
        }
    }
}
