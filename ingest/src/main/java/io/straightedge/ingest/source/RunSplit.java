package io.straightedge.ingest.source;

import org.jspecify.annotations.Nullable;

/**
 * Tells runs apart that were appended to one file, by their steps.
 *
 * <p>A step that goes back is a new run when it is back at where a run begins: not past the first step of this run in the
 * file, and not past the distance between its logged steps, which a file that begins in the middle of a run is. It is
 * also one when a trainer's header came since the last step, and no more than a tenth of the way is left. Anything else
 * that goes back is the same run restarted from a checkpoint. A run that died before its first checkpoint and began
 * anew in the same file therefore counts as two. Not thread-safe.
 */
public final class RunSplit {

    private static final long WAY_LEFT = 10;

    private int run = 1;
    private boolean begun;
    private boolean header;
    private long first;
    private long last;
    private long apart = Long.MAX_VALUE;

    /** A trainer's header came by. */
    public void header() {
        header = true;
    }

    /** Takes the next step; whether it is the first of another run. */
    public boolean next(long step) {
        boolean another = begun && back(step) && (atBeginning(step) || (header && step <= last / WAY_LEFT));
        if (another) {
            run++;
            apart = Long.MAX_VALUE;
        } else if (begun && step > last) {
            apart = Math.min(apart, step - last);
        }
        if (another || !begun) {
            first = step;
        }
        begun = true;
        header = false;
        last = step;
        return another;
    }

    /** The name of the run that is at it: null for a file's first. */
    public @Nullable String name() {
        return run == 1 ? null : "#" + run;
    }

    /** Whether a step has come. */
    public boolean begun() {
        return begun;
    }

    /** The last step. */
    public long last() {
        return last;
    }

    private boolean back(long step) {
        return step < last || (header && step == last);
    }

    private boolean atBeginning(long step) {
        return step <= first && step <= (apart == Long.MAX_VALUE ? 1 : apart);
    }
}
