package io.straightedge.publisher.rule;

/**
 * When many deviations are one: the data or ourselves, not the runs.
 *
 * @param share of the runs, in (0, 1]
 * @param leastRuns never fewer runs than this
 * @param sameStepShare onsets are at the same step when they differ by no more than this share of it: where a detector
 *     places an onset scatters by some observations, which is less than 1 % of the steps after the first hundred
 * @param sameSteps or by no more steps than this: common logging intervals are 1 to 10 steps, and early in a run a
 *     hundredth of the step is less than one of them
 * @param sameSeconds or when they were logged within so many seconds of one another
 */
public record FleetSettings(
        boolean enabled, double share, int leastRuns, double sameStepShare, long sameSteps, double sameSeconds) {

    public static final FleetSettings DEFAULT = new FleetSettings(true, 0.3, 5, 0.01, 10, 600);

    public FleetSettings {
        if (!(share > 0 && share <= 1) || leastRuns < 2) {
            throw new IllegalArgumentException(
                    "a fleet's share must be in (0, 1] and its least number of runs 2 or more");
        }
        if (!(sameStepShare >= 0) || sameSteps < 0 || !(sameSeconds >= 0)) {
            throw new IllegalArgumentException("a fleet's tolerances must not be negative");
        }
    }
}
