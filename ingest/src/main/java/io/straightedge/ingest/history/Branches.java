package io.straightedge.ingest.history;

import io.straightedge.protocol.run.LossObservation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gives runs that went on from another's checkpoint their beginnings.
 *
 * <p>A run is a branch when it begins after {@value #LATE} of its steps, and the stem is the first other run of its
 * study and size that begins earlier and logged the very same loss at the branch's first step. The branch then begins
 * with the stem's losses up to there, as if it had been logged in one. O(observations).
 */
final class Branches {

    private static final double LATE = .05;

    private Branches() {}

    /** The runs in their order, branches with their beginnings. */
    static List<PastRun> joined(List<PastRun> runs) {
        Map<Object, PastRun> stems = new HashMap<>();
        for (PastRun run : runs) {
            if (!late(run)) {
                for (LossObservation seen : run.losses()) {
                    stems.putIfAbsent(key(run, seen), run);
                }
            }
        }
        List<PastRun> joined = new ArrayList<>();
        for (PastRun run : runs) {
            PastRun stem = late(run) ? stems.get(key(run, run.losses().get(0))) : null;
            joined.add(stem == null ? run : joined(stem, run));
        }
        return joined;
    }

    private static boolean late(PastRun run) {
        return !run.losses().isEmpty()
                && run.losses().stream().mapToLong(LossObservation::step).min().orElse(0) > LATE * run.plannedSteps();
    }

    private static Object key(PastRun run, LossObservation seen) {
        return List.of(run.study(), run.group(), seen.step(), Objects.requireNonNullElse(seen.loss(), Double.NaN));
    }

    private static PastRun joined(PastRun stem, PastRun branch) {
        long from = branch.losses().get(0).step();
        PastRun renamed = stem.as(branch.name());
        List<LossObservation> losses = new ArrayList<>();
        for (int i : renamed.lastAttempt()) {
            LossObservation seen = renamed.losses().get(i);
            if (seen.step() < from) {
                losses.add(seen);
            }
        }
        losses.addAll(branch.losses());
        return branch.with(losses);
    }
}
