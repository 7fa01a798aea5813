package io.straightedge.ingest.history;

import io.straightedge.protocol.run.LossObservation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which observations of a log make up its last attempt, with what it kept of those before.
 *
 * <p>A live study's rules: a step seen before with another value is a restart from there, and so is the third step in
 * rising order that lies behind and was not seen; anything else that lies behind is a duplicate or a straggler. O(n).
 */
final class LastAttempt {

    private static final int BEHIND_IS_RESTART = 3;

    private final int[] kept;
    private final Map<Long, Double> lossOf = new HashMap<>();
    private int size;
    private long last = -1;
    private int behindInRow;
    private long behindStep = -1;

    private LastAttempt(int most) {
        kept = new int[most];
    }

    /** Indices into {@code losses}, rising, and with them the steps. */
    static int[] of(List<LossObservation> losses) {
        LastAttempt attempt = new LastAttempt(losses.size());
        for (int i = 0; i < losses.size(); i++) {
            attempt.take(losses, i);
        }
        return Arrays.copyOf(attempt.kept, attempt.size);
    }

    private void take(List<LossObservation> losses, int i) {
        long step = losses.get(i).step();
        double loss = value(losses.get(i));
        if (step <= last) {
            Double before = lossOf.get(step);
            boolean different = before != null && Double.compare(before, loss) != 0;
            if ((before != null && !different) || !isRestart(step, different)) {
                return;
            }
            while (size > 0 && losses.get(kept[size - 1]).step() >= step) {
                size--;
                lossOf.remove(losses.get(kept[size]).step());
            }
        }
        kept[size++] = i;
        lossOf.put(step, loss);
        last = step;
        behindInRow = 0;
        behindStep = -1;
    }

    private boolean isRestart(long step, boolean different) {
        if (different) {
            return step < last;
        }
        behindInRow = step > behindStep ? behindInRow + 1 : 1;
        behindStep = step;
        return behindInRow >= BEHIND_IS_RESTART;
    }

    private static double value(LossObservation seen) {
        return seen.loss() == null ? Double.NaN : seen.loss();
    }
}
