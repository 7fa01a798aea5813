package io.straightedge.fitter.state;

import io.straightedge.fitter.detect.FiniteRule;
import io.straightedge.fitter.state.Observations.Taken;
import io.straightedge.fitter.state.SeenWindow.Relation;
import io.straightedge.protocol.run.LossObservation;

/**
 * Tells what was overtaken on its way from what a restarted run logs.
 *
 * <p>A step logged before with another value is a restart at once. Steps not logged before are one when
 * {@value #BEHIND_IS_RESTART} come in rising order, unless they fill a hole of the log; the first of them are held, and
 * belong to the new attempt. What is no restart may enter its bin while that is open, and is late otherwise.
 */
final class Stragglers {

    /** So many observations behind the last step, in rising order, are a restart and not stragglers. */
    static final int BEHIND_IS_RESTART = 3;

    private Stragglers() {}

    /** Whether an observation behind the last step says that the run has gone back. */
    static boolean tellRestart(SplitState split, Relation relation, LossObservation seen, double loss) {
        long step = seen.step();
        if (relation == Relation.DIFFERENT) {
            return step < split.lastStep;
        }
        boolean overtaken = relation == Relation.SKIPPED && split.seen.inHole(split.lastStep, step);
        return !overtaken && split.behind(held(seen, loss));
    }

    /** An observation behind the last step, and no restart: it may enter its bin while that is open, else it is late. */
    static Taken take(RunState run, SplitState split, Relation relation, LossObservation seen, double loss) {
        boolean follows = relation == Relation.SKIPPED
                && Double.isFinite(loss)
                && loss != 0
                && FiniteRule.usable(seen)
                && split.mayFollow(seen.step(), loss);
        if (follows) {
            split.follow(seen.step(), loss, run.plannedSteps());
            split.sinceRevision++;
            return new Taken(Applied.APPLIED, false);
        }
        if (seen.step() == split.behindStep && Double.isFinite(loss)) {
            split.held.add(held(seen, loss));
        }
        return Taken.LATE;
    }

    private static SplitState.Held held(LossObservation seen, double loss) {
        Double tokens = seen.tokens();
        Double lr = seen.lr();
        return new SplitState.Held(
                seen.step(), loss, tokens == null ? Double.NaN : tokens, lr == null ? Double.NaN : lr);
    }

    /** An observation that was held, as it came. */
    static LossObservation again(LossObservation like, SplitState.Held late) {
        return new LossObservation(
                like.study(),
                like.run(),
                late.step(),
                Double.isNaN(late.tokens()) ? null : late.tokens(),
                late.lossNats(),
                like.split(),
                Double.isNaN(late.lr()) ? null : late.lr(),
                null,
                null,
                null,
                null);
    }
}
