package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.CollapseRule;
import io.straightedge.fitter.detect.FiniteRule;
import io.straightedge.fitter.detect.RateRule;
import io.straightedge.fitter.detect.RiseRule;
import io.straightedge.fitter.detect.SharedRule;
import io.straightedge.fitter.detect.ShiftRule;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.PlannedEvent;
import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import java.util.Locale;

/** What the detectors say of one observation after the other, and whether it may enter the curve. */
final class Detection {

    /**
     * A rise is found once in so many observations of runs that nothing is known to be wrong with, and one r times as high
     * as the limit r^{@value #RISE_TAIL} times as rarely: of twenty in 55,000 observations of one rank's losses the index
     * of the tail was 9.
     */
    private static final double RISE_ONCE_PER = 25_000;

    private static final double RISE_TAIL = 4;

    private final Findings findings;
    private final SlowDetection slow;
    private final GradientDetection gradients;
    private final PairedDetection pairs;

    Detection(Findings findings) {
        this.findings = findings;
        this.slow = new SlowDetection(findings);
        this.gradients = new GradientDetection(findings);
        this.pairs = new PairedDetection(findings);
    }

    /** A bin has closed. */
    void closed(Place place, int at, List<Emission> out) {
        slow.closed(place, at, out);
    }

    /**
     * Runs all detectors of single observations; true when the observation may enter the curve.
     *
     * @param before the last step before it; negative when there was none
     */
    boolean admits(Place place, LossObservation seen, double loss, long before, List<Emission> out) {
        SplitState split = place.curve();
        changes(place, seen, before, out);
        gradients.observe(place, seen, out);
        boolean finite = finite(place, seen, out);
        if (!Double.isFinite(loss) || !FiniteRule.usable(seen)) {
            pairs.observe(place, Double.NaN, false, before, out);
            return false;
        }
        boolean calm = says(place, loss, out) && calm(place, loss, out) && finite;
        if (split.near.known() && NearForecast.isGap(before, place.step())) {
            relearn(place, "steps are missing, and the forecast does not reach so far", out);
        } else if (split.near.known()) {
            shift(place, loss, !calm, out);
            shared(place, out);
        }
        boolean admitted = calm && !split.shift.shifted();
        pairs.observe(place, loss, admitted, before, out);
        return admitted;
    }

    /** What is planned to change, or has changed by somebody's hand, is no deviation: the rule of shifts learns anew. */
    private void changes(Place place, LossObservation seen, long before, List<Emission> out) {
        SplitState split = place.curve();
        RunState run = place.run();
        long step = place.step();
        RunManifest manifest = run.manifest();
        boolean planned = false;
        for (PlannedEvent event : manifest == null ? List.<PlannedEvent>of() : manifest.plannedEvents()) {
            planned |= event.step() > before && event.step() <= step;
        }
        float rate = seen.lr() == null ? Float.NaN : seen.lr().floatValue();
        LrPlan plan = run.plan();
        if (plan != null && !plan.assumed() && before >= plan.peakStep()) {
            RateRule.Verdict verdict =
                    RateRule.of(split.lastRate, rate, plan.rate((double) before), plan.rate((double) step));
            if (verdict == RateRule.Verdict.JUMP && !planned) {
                String message = String.format(
                        Locale.ROOT,
                        "the learning rate went from %.3g to %.3g, which was not planned",
                        split.lastRate,
                        rate);
                findings.emit(place, Finding.of(Detector.RATE_CHANGE, Phase.BEGAN, step, message), out);
            }
            planned |= verdict != RateRule.Verdict.STEADY;
        }
        split.lastRate = rate;
        if (planned) {
            relearn(place, "a change of the recipe explains it", out);
        }
    }

    /** The tokens of a step have changed without a word. */
    void batchChanged(Place place, double before, double now, List<Emission> out) {
        String message = String.format(Locale.ROOT, "the tokens a step went from %,.0f to %,.0f", before, now);
        findings.emit(place, Finding.of(Detector.BATCH_CHANGE, Phase.BEGAN, place.step(), message), out);
        relearn(place, "the tokens a step have changed", out);
    }

    private void relearn(Place place, String why, List<Emission> out) {
        ShiftRule shift = place.curve().shift;
        if (shift.shifted()) {
            tellShift(place, shift.kind(), Phase.ENDED, why, out);
        }
        shift.relearn(place.step());
        place.curve().slow.clear();
        pairs.relearn(place, why, out);
        pairs.changed(place);
    }

    /** What was found in the split and still goes on is over: a new attempt began, or the run has ended. */
    void end(Place place, String why, List<Emission> out) {
        SplitState split = place.curve();
        if (split.rise.risen()) {
            tellRise(place, split.rise.diverged(), Phase.ENDED, why, out);
            split.rise.accept();
        }
        if (!split.finite) {
            split.finite = true;
            findings.emit(place, Finding.of(Detector.NON_FINITE, Phase.ENDED, split.notFiniteSince, why), out);
        }
        if (split.collapse.collapsed()) {
            tellCollapse(place, Phase.ENDED, split.lastLoss, why, out);
            split.collapse.restart();
        }
        if (split.shift.shifted()) {
            tellShift(place, split.shift.kind(), Phase.ENDED, why, out);
            split.shift.clear(place.step());
        }
        slow.end(place, why, out);
        gradients.end(place, why, out);
        pairs.end(place, why, out);
    }

    /** A new attempt of the run began, in the split where that was seen. */
    void restart(Place place, String why, List<Emission> out) {
        end(place, why, out);
        pairs.restart(place);
    }

    /** A person takes the present level for normal. */
    void accept(Place place, List<Emission> out) {
        SplitState split = place.curve();
        String why = "the new level was accepted";
        if (split.shift.shifted()) {
            split.accept(split.shift.sizeNats());
        } else if (split.rise.risen()) {
            split.accept(split.lastLoss - split.rise.level());
        }
        if (split.rise.risen()) {
            tellRise(place, split.rise.diverged(), Phase.ENDED, why, out);
            split.rise.accept();
            split.edges.forget();
        }
        if (split.shift.shifted()) {
            tellShift(place, split.shift.kind(), Phase.ENDED, why, out);
        }
        split.shift.accept(split.lastStep);
        slow.accept(place, why, out);
        pairs.accept(place, why, out);
        split.dirty = true;
    }

    /** Runs the finite rule; true when it has nothing to object. */
    private boolean finite(Place place, LossObservation seen, List<Emission> out) {
        SplitState split = place.curve();
        String fault = FiniteRule.fault(seen, split.nanIterations);
        if (seen.nanIterations() != null) {
            split.nanIterations = seen.nanIterations();
        }
        boolean finite = fault == null;
        boolean before = split.finite;
        split.finite = finite;
        if (!finite) {
            split.notFiniteSince = before ? seen.step() : split.notFiniteSince;
            split.notFiniteFor = before ? 1 : split.notFiniteFor + 1;
            if (before || isRound(split.notFiniteFor)) {
                Phase phase = before ? Phase.BEGAN : Phase.GOES_ON;
                tellFinite(place, phase, fault + " at step " + seen.step(), out);
            }
        } else if (!before) {
            tellFinite(place, Phase.ENDED, "the loss is finite again", out);
        }
        return finite;
    }

    private void tellFinite(Place place, Phase phase, String message, List<Emission> out) {
        SplitState split = place.curve();
        Finding finding = new Finding(
                Detector.NON_FINITE,
                phase,
                split.notFiniteSince,
                1,
                Double.NaN,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                split.notFiniteFor,
                message);
        findings.emit(place, finding, out);
    }

    /** 2, 10, 100 and so on. */
    private static boolean isRound(int count) {
        int unit = count;
        while (unit >= 10 && unit % 10 == 0) {
            unit /= 10;
        }
        return count == 2 || (unit == 1 && count > 1);
    }

    /** Runs the collapse rule; true when the loss says something. */
    private boolean says(Place place, double loss, List<Emission> out) {
        SplitState split = place.curve();
        RunManifest manifest = place.run().manifest();
        Integer vocabulary = manifest == null ? null : manifest.vocabularySize();
        CollapseRule.Verdict verdict = split.collapse.add(split.lastStep, loss, vocabulary);
        if (verdict == CollapseRule.Verdict.BEGAN) {
            tellCollapse(place, Phase.BEGAN, loss, String.valueOf(split.collapse.fault(vocabulary)), out);
        } else if (verdict == CollapseRule.Verdict.ENDED) {
            tellCollapse(place, Phase.ENDED, loss, "the loss is another again", out);
        }
        return !split.collapse.collapsed();
    }

    private void tellCollapse(Place place, Phase phase, double loss, String message, List<Emission> out) {
        CollapseRule collapse = place.curve().collapse;
        double size = Double.isFinite(collapse.lowest()) ? loss - collapse.lowest() : Double.NaN;
        Finding finding = new Finding(
                Detector.DIVERGENCE,
                phase,
                collapse.onsetStep(),
                1,
                size,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                0,
                message);
        findings.emit(place, finding, out);
    }

    /** Runs the rise rule; true when the observation may enter the curve. */
    private boolean calm(Place place, double loss, List<Emission> out) {
        SplitState split = place.curve();
        boolean hadDiverged = split.rise.diverged();
        RiseRule.Verdict verdict = split.rise.add(split.lastStep, loss, split.noise.sigma());
        switch (verdict) {
            case SPIKE_BEGAN -> {
                split.edges.began(split.rise.level(), split.noise.sigma(), split.bins);
                tellRise(place, false, Phase.BEGAN, "", out);
            }
            case DIVERGED -> {
                split.edges.risen();
                tellRise(place, true, Phase.BEGAN, "", out);
                tellRise(place, false, Phase.ENDED, "the spike has become a divergence", out);
            }
            case ENDED -> {
                split.edges.ended();
                tellRise(place, hadDiverged, Phase.ENDED, "", out);
            }
            case LASTED -> {
                split.edges.risen();
                tellRise(place, hadDiverged, Phase.GOES_ON, "", out);
            }
            case RISEN -> split.edges.risen();
            case CALM -> {}
        }
        boolean down = verdict == RiseRule.Verdict.CALM || verdict == RiseRule.Verdict.ENDED;
        return down && split.edges.admits(loss, split.noise.sigma());
    }

    private void tellRise(Place place, boolean diverged, Phase phase, String why, List<Emission> out) {
        SplitState split = place.curve();
        RiseRule rise = split.rise;
        double size = rise.peak() - rise.level();
        double noise = split.noise.sigma();
        double rare = RISE_ONCE_PER * Math.pow(Math.max(1, size / RiseRule.limit(noise)), RISE_TAIL);
        String words = phase == Phase.ENDED
                ? "over: the loss had gone from %.3f to %.3f at step %,d"
                : diverged
                        ? "the loss went from %.3f to %.3f at step %,d and has not come back"
                        : "the loss jumped from %.3f to %.3f at step %,d";
        String message = String.format(Locale.ROOT, words, rise.level(), rise.peak(), rise.onsetStep());
        Finding finding = new Finding(
                diverged ? Detector.DIVERGENCE : Detector.SPIKE,
                phase,
                rise.onsetStep(),
                noise > 0 ? size / noise : size / RiseRule.FLOOR_NATS,
                size,
                noise,
                diverged ? Double.POSITIVE_INFINITY : Math.max(rare, Math.pow(10, split.shift.rarityUp())),
                rise.observations(),
                why.isEmpty() ? message : why + "; " + message);
        findings.emit(place, finding, out);
    }

    /** Runs the rule of shifts against the forecast. */
    private void shift(Place place, double loss, boolean muted, List<Emission> out) {
        SplitState split = place.curve();
        ShiftRule shift = split.shift;
        LrPlan plan = place.run().plan();
        boolean rateKnown = plan != null && !plan.assumed();
        switch (shift.add(split.lastStep, loss, split.near.at(split.lastStep), muted, rateKnown)) {
            case BEGAN -> {
                split.edges.cut(split.near.at(split.lastStep), shift.sigma(), split.bins);
                tellShift(place, shift.kind(), Phase.BEGAN, "", out);
            }
            case GREW -> tellShift(place, shift.kind(), Phase.GOES_ON, "", out);
            case TURNED -> {
                String why = "it has become a " + shift.kind().name().toLowerCase(Locale.ROOT);
                // What it has become first: in between, nothing would be on.
                tellShift(place, shift.kind(), Phase.BEGAN, "", out);
                tellShift(place, shift.before(), Phase.ENDED, why, out);
            }
            case ENDED -> tellShift(place, shift.before(), Phase.ENDED, "the loss is back on its forecast", out);
            case ACCEPTED -> {
                split.slow.clear();
                split.accept(shift.sizeNats());
                tellShift(
                        place,
                        shift.before(),
                        Phase.ENDED,
                        "the forecast from before has become too old: the level is taken for normal from now on",
                        out);
            }
            case CALM, ON -> {}
        }
    }

    /** Runs the rule of steps at which many runs are up. */
    private void shared(Place place, List<Emission> out) {
        double z = place.curve().shift.lastZ();
        if (!SharedRule.counts(z)) {
            return;
        }
        StudyState study = place.study();
        long step = place.step();
        SharedRule rule = study.shared(place.split());
        int up = rule.add(step, z);
        if (up > 0) {
            study.sharedDirty = true;
        }
        int passed = SharedRule.enough(up) ? study.passed(place.split(), step) : 0;
        if (passed > 0 && rule.tells(step, passed)) {
            findings.emitShared(place, up, passed, out);
        }
    }

    private void tellShift(Place place, Detector kind, Phase phase, String why, List<Emission> out) {
        SplitState split = place.curve();
        ShiftRule shift = split.shift;
        double size = shift.sizeNats();
        String message = String.format(
                Locale.ROOT,
                "the loss is %.4f nats %s its forecast since step %,d",
                Math.abs(size),
                size < 0 ? "below" : "above",
                shift.onsetStep());
        Finding finding = new Finding(
                kind,
                phase,
                shift.onsetStep(),
                shift.rarity(),
                size,
                shift.sigma(),
                Math.pow(10, shift.rarity()),
                shift.observations(),
                phase != Phase.ENDED ? message : why);
        findings.emit(place, finding, out);
    }
}
