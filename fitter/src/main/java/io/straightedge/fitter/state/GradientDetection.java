package io.straightedge.fitter.state;

import io.straightedge.fitter.detect.ShiftRule;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.run.LossObservation;
import java.util.List;
import java.util.Locale;

/** The gradient norm as a second channel. */
final class GradientDetection {

    private final Findings findings;

    GradientDetection(Findings findings) {
        this.findings = findings;
    }

    /** Runs the rule of shifts on the gradient norm, where it was sent. */
    void observe(Place place, LossObservation seen, List<Emission> out) {
        Double norm = seen.gradNorm();
        if (norm == null || !(norm > 0) || norm.isInfinite()) {
            return;
        }
        ShiftRule rule = place.curve().gradient();
        switch (rule.add(place.step(), Math.log(norm), 0, false, false)) {
            case BEGAN -> tellGradient(place, rule, Phase.BEGAN, "", out);
            case GREW, TURNED -> tellGradient(place, rule, Phase.GOES_ON, "", out);
            case ENDED -> tellGradient(place, rule, Phase.ENDED, "the gradient norm is back at its level", out);
            case ACCEPTED -> tellGradient(place, rule, Phase.ENDED, "the level is taken for normal from now on", out);
            case CALM, ON -> {}
        }
    }

    private void tellGradient(Place place, ShiftRule rule, Phase phase, String why, List<Emission> out) {
        String message = String.format(
                Locale.ROOT,
                "the gradient norm is %.1f times its level since step %,d",
                Math.exp(rule.sizeNats()),
                rule.onsetStep());
        Finding finding = new Finding(
                Detector.GRADIENT,
                phase,
                rule.onsetStep(),
                rule.rarity(),
                Double.NaN,
                Double.NaN,
                Math.pow(10, rule.rarity()),
                rule.observations(),
                phase == Phase.ENDED ? why : message);
        findings.emit(place, finding, out);
    }

    /** What was found and still goes on is over. */
    void end(Place place, String why, List<Emission> out) {
        ShiftRule rule = place.curve().gradient;
        if (rule != null && rule.shifted()) {
            tellGradient(place, rule, Phase.ENDED, why, out);
            rule.clear(place.step());
        }
    }
}
