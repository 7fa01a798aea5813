package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * u(k) of a run and where it comes from: the schedule sent, the rates seen, or both.
 *
 * @param words what is assumed and why; empty when the schedule was sent and nothing speaks against it
 * @param annealSd standard deviation of the anneal 1 - sqrt(u) at the planned end, over what else might come
 * @param assumed whether no learning rate is known at all
 * @param seenEnd last step of the rates seen that it contains; negative when none
 * @param peakLr the rate that u = 1 is; NaN when it contains no rates seen
 */
record PlannedRate(
        RelativeRate rate,
        PlanOrigin origin,
        String words,
        double annealSd,
        boolean assumed,
        double seenEnd,
        double peakLr) {

    /** From so far apart, relative to the peak, the rates seen are not those of the schedule sent. */
    private static final double OTHER = 0.05;

    /** An inferred rest is inferred again when the rates go off it by so much. */
    private static final double OFF_GUESS = 0.002;

    /** Part of the steps seen for which rates must have been off the schedule sent. */
    private static final double PERSISTENT = 0.02;

    private static final int ENOUGH = 3;
    private static final int PARTS = 32;

    /** The rates {@code seen}, if any, are the past; the rest is the schedule's, or else follows from them. */
    static PlannedRate of(@Nullable Schedule schedule, double plannedSteps, LrSeen seen) {
        LearningRate sent = new LearningRate(schedule, plannedSteps);
        boolean known = schedule != null && schedule.kind() != ScheduleKind.UNKNOWN;
        if (schedule != null && known) {
            return seen.isEmpty()
                    ? new PlannedRate(sent, PlanOrigin.SENT, "", 0, false, -1, Double.NaN)
                    : mended(schedule, sent, plannedSteps, seen);
        }
        String why = schedule == null
                ? "no learning-rate schedule was sent: "
                : "the learning-rate schedule sent cannot be planned: ";
        if (seen.isEmpty()) {
            String words = why + "several are supposed, and the interval is wide";
            return new PlannedRate(sent, PlanOrigin.ASSUMED, words, LrInference.ANY_COOLDOWN, true, -1, Double.NaN);
        }
        Continuation rest = LrInference.of(seen, plannedSteps);
        SplicedRate rate = new SplicedRate(seen, rest.rate(), 1, plannedSteps);
        return new PlannedRate(
                rate, rest.origin(), why + rest.words(), rest.annealSd(), false, seen.end(), rate.peak());
    }

    /** Rates seen, or of an earlier plan, up to their end, then the schedule; seen ones decide its scale. */
    private static PlannedRate mended(Schedule schedule, LearningRate sent, double plannedSteps, LrSeen seen) {
        double end = seen.end();
        if (!seen.logged()) {
            SplicedRate rate = new SplicedRate(seen, sent, sent.peak(), plannedSteps);
            String words = String.format(
                    Locale.ROOT,
                    "the planned end moved at step %,d: up to there the learning rate is the earlier plan's",
                    Math.round(end));
            return new PlannedRate(rate, PlanOrigin.SENT, words, 0, false, end, rate.peak());
        }
        double planned = sent.at(Math.min(end, plannedSteps));
        // A schedule that has come to nothing cannot be scaled to meet a rate.
        double factor = planned > OTHER ? seen.lr(seen.size() - 1) / planned : seen.peak();
        SplicedRate rate = new SplicedRate(seen, sent, factor, plannedSteps);
        double moved = Math.abs(Math.sqrt(rate.at(plannedSteps)) - Math.sqrt(sent.at(plannedSteps)));
        String words = String.format(
                Locale.ROOT,
                "the learning rates seen are not those of the %s schedule sent: up to step %,d they are taken as seen, then"
                        + " the schedule is scaled to go on from there",
                schedule.kind().named(),
                Math.round(end));
        return new PlannedRate(rate, PlanOrigin.MENDED, words, moved, false, end, rate.peak());
    }

    /**
     * Whether the rates seen since are these.
     *
     * <p>A schedule that was sent is not followed when points that lie more than {@value #OTHER} of the peak off it
     * make up {@value #PERSISTENT} of the steps seen, each stretch counted between two such points in a row, and the
     * last, whose end alone may be off, from where it is off if it stands for {@value #ENOUGH} observations: single
     * glitches and the steps between two logs about a jump do not count. Only shapes are compared: the highest rate so
     * far is taken to be the schedule's. A guess is not followed from a single point {@value #OFF_GUESS} off on.
     */
    boolean follows(LrSeen seen) {
        if (seen.isEmpty() || !seen.logged()) {
            return true;
        }
        boolean guess = origin == PlanOrigin.INFERRED || origin == PlanOrigin.ASSUMED;
        if (guess && seenEnd < 0) {
            return false;
        }
        double unit = unit(seen);
        double off = 0;
        boolean before = false;
        for (int i = 0; i < seen.size(); i++) {
            boolean later = seen.step(i) > seenEnd;
            double distance = Math.abs(seen.lr(i) / unit - rate.at(seen.step(i)));
            if (later && guess && distance > OFF_GUESS) {
                return false;
            }
            boolean now = later && distance > OTHER;
            off += now && before ? seen.step(i) - seen.step(i - 1) : 0;
            before = now;
        }
        int last = seen.size() - 1;
        boolean beganOff = last > 0 && Math.abs(seen.lr(last - 1) / unit - rate.at(seen.step(last - 1))) > OTHER;
        if (before && !beganOff && seen.inLast() >= ENOUGH) {
            off += offInLast(seen, unit);
        }
        return off <= PERSISTENT * seen.end();
    }

    /** Steps of the last stretch on which it is off. */
    private double offInLast(LrSeen seen, double unit) {
        int last = seen.size() - 1;
        double from = Math.max(seenEnd, last > 0 ? seen.step(last - 1) : 0);
        int off = 0;
        for (int i = 1; i <= PARTS; i++) {
            double step = from + (seen.end() - from) * i / PARTS;
            off += Math.abs(seen.at(step) / unit - rate.at(step)) > OTHER ? 1 : 0;
        }
        return (seen.end() - from) * off / PARTS;
    }

    private double unit(LrSeen seen) {
        if (peakLr > 0) {
            return peakLr;
        }
        double highest = 0;
        for (int i = 0; i < seen.size(); i++) {
            highest = Math.max(highest, rate.at(seen.step(i)));
        }
        return highest > 0 ? seen.peak() / highest : seen.peak();
    }
}
