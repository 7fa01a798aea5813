package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.NeverLearnsRule;
import io.straightedge.fitter.detect.SlowRule;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is seen of closed bins only: what is slow, and a run that does not begin to learn. */
final class SlowDetection {

    /** A learning rate, over its peak, that has not begun to decay. */
    private static final double UNDECAYED = .9;

    /** Falls by less in twice the steps say that a run does not learn, nats. */
    private static final double FALLS_NATS = .1;

    /** And falls by more from the beginning on that it has learnt something. */
    private static final double LEARNT_NATS = 1.5;

    private final Findings findings;

    SlowDetection(Findings findings) {
        this.findings = findings;
    }

    /** A bin has closed: runs the detectors of what is slow. */
    void closed(Place place, int at, List<Emission> out) {
        SplitState split = place.curve();
        LrPlan plan = place.run().plan();
        LogBins bins = split.levels.of(split.bins);
        int index = bins.index(at);
        learns(place, at, plan, out);
        if (plan == null) {
            return;
        }
        double fraction = split.lastStep / (double) plan.plannedSteps();
        boolean falls = !plan.assumed() && plan.rate((double) split.lastStep) > UNDECAYED;
        double sigma = split.noise.sigma();
        SlowRule slow = split.slow;
        switch (slow.closed(index, LogBins.firstStep(index), bins.mean(at), bins.count(at), sigma, fraction, falls)) {
            case BEGAN -> tellSlow(place, at, Phase.BEGAN, "", out);
            case ON -> tellSlow(place, at, Phase.GOES_ON, "", out);
            case ENDED -> tellSlow(place, at, Phase.ENDED, "the loss is back on its forecast", out);
            case CALM -> {}
        }
    }

    private void tellSlow(Place place, int at, Phase phase, String why, List<Emission> out) {
        SlowRule slow = place.curve().slow;
        double size = slow.sizeNats();
        String message = String.format(
                Locale.ROOT,
                "the loss is %.4f nats %s what was forecast of it when the run had two thirds of its steps",
                Math.abs(size),
                size < 0 ? "below" : "above");
        Finding finding = new Finding(
                slow.upwards() ? Detector.PLATEAU : Detector.TOO_GOOD,
                phase,
                slow.onsetStep(),
                Math.abs(slow.z()),
                size,
                place.curve().noise.sigma(),
                Math.pow(10, slow.rarity()),
                place.curve().bins.count(at),
                phase == Phase.ENDED ? why : message);
        findings.emit(place, finding, out);
    }

    /** Tells a run that does not begin to learn. */
    private void learns(Place place, int at, @Nullable LrPlan plan, List<Emission> out) {
        SplitState split = place.curve();
        LogBins bins = split.bins;
        long observations = 0;
        for (int i = 0; i <= at; i++) {
            observations += bins.count(i);
        }
        RunManifest manifest = place.run().manifest();
        String fault = NeverLearnsRule.fault(
                bins.mean(at),
                bins.meanStep(at),
                observations,
                Math.max(bins.mean(0), bins.mean(Math.min(at, 1))),
                bins.meanStep(0),
                plan == null ? Double.NaN : plan.peakStep(),
                place.run().plannedSteps(),
                manifest == null ? null : manifest.vocabularySize(),
                observations < NeverLearnsRule.LEAST_OBSERVATIONS ? Double.NaN : besideOthers(place, at));
        if ((fault != null) != split.neverLearns) {
            split.neverLearns = fault != null;
            String message = fault == null ? "the loss falls" : fault;
            Phase phase = fault == null ? Phase.ENDED : Phase.BEGAN;
            findings.emit(place, Finding.of(Detector.NEVER_LEARNS, phase, 0, message), out);
        }
    }

    /** The highest loss of runs no larger that have come so far, where the run itself has all but stopped falling; NaN elsewhere. */
    private static double besideOthers(Place place, int at) {
        LogBins bins = place.curve().bins;
        double step = bins.meanStep(at);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < at; i++) {
            least = Math.min(least, bins.mean(i));
        }
        boolean falls = bins.mean(at) < SiblingLevels.at(bins, step / 2) - FALLS_NATS;
        boolean hasFallen = least < bins.mean(at) - FALLS_NATS || bins.mean(0) > bins.mean(at) + LEARNT_NATS;
        CrossRun known = place.curve().crossRun;
        return falls || hasFallen || (known != null && known.unit != null)
                ? Double.NaN
                : SiblingLevels.highest(place.study(), place.run(), place.split(), step);
    }

    /** What was found and still goes on is over. */
    void end(Place place, String why, List<Emission> out) {
        SplitState split = place.curve();
        if (split.slow.deviates()) {
            tellSlow(place, split.bins.size() - 1, Phase.ENDED, why, out);
            split.slow.clear();
        }
        if (split.neverLearns) {
            split.neverLearns = false;
            findings.emit(place, Finding.of(Detector.NEVER_LEARNS, Phase.ENDED, 0, why), out);
        }
    }

    /** The level is taken for normal. */
    void accept(Place place, String why, List<Emission> out) {
        SplitState split = place.curve();
        if (split.slow.deviates()) {
            tellSlow(place, split.bins.size() - 1, Phase.ENDED, why, out);
        }
        split.slow.clear();
    }
}
