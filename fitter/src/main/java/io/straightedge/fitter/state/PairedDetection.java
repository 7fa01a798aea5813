package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.PairedRule;
import io.straightedge.fitter.state.Findings.Finding;
import io.straightedge.fitter.state.Findings.Place;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.PlannedEvent;
import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Holds training losses against those of the run that sees the same data: of the runs that declare a data order, the first
 * that logs is the reference of the others. It must be ahead of them, or have ended; where it has failed or was killed, the
 * next that gets further takes its place.
 *
 * <p>What is found stays in the curve: it is a fraction of the noise there.
 */
final class PairedDetection {

    /** Parts of the peak learning rate that differ by less, in their logarithm, are the same. */
    private static final double SAME_RATE = .05;

    private final Findings findings;

    PairedDetection(Findings findings) {
        this.findings = findings;
    }

    /**
     * Runs the paired rule, or keeps the loss of a reference.
     *
     * @param loss nats per token; NaN where it says nothing
     * @param calm whether no other rule has found something
     * @param before the last step before it; negative when there was none
     */
    void observe(Place place, double loss, boolean calm, long before, List<Emission> out) {
        SplitState split = place.curve();
        ReferenceSeries series = series(place);
        if (series == null) {
            leave(place, "the run declares no data order any more", out);
            return;
        }
        if (hasFailed(place, series) && series.endsBefore(place.step())) {
            series.takeOver(place.run().run);
        }
        if (series.isOf(place.run().run)) {
            leave(place, "others are held against this run from now on", out);
            series.put(place.step(), calm ? loss : Double.NaN);
            return;
        }
        String with = String.valueOf(series.run());
        if (split.pair != null && !split.pair.with().equals(with)) {
            leave(place, "it is held against another run from now on", out);
        }
        if (series.breaksAt(place.step()) || changes(place, with, before)) {
            relearn(place, "the run that it is held against has changed", out);
        }
        double reference = series.at(place.step());
        if (Double.isFinite(loss) && Double.isFinite(reference)) {
            Pair pair = split.pair == null ? new Pair(with, new PairedRule()) : split.pair;
            split.pair = pair;
            compare(place, pair, loss, reference, calm, out);
        }
    }

    private static @Nullable ReferenceSeries series(Place place) {
        RunManifest manifest = place.run().manifest();
        String order = manifest == null ? null : manifest.dataOrder();
        return order == null || !place.split().equals(LossObservation.TRAIN)
                ? null
                : place.study().reference(order);
    }

    private static boolean hasFailed(Place place, ReferenceSeries series) {
        RunState reference = series.run() == null ? null : place.study().runs.get(series.run());
        return reference != null
                && (reference.status == RunStatus.FAILED || reference.status == RunStatus.KILLED)
                && reference != place.run();
    }

    /** Whether the other run has planned a change since the last step. */
    private static boolean changes(Place place, String with, long before) {
        RunState other = place.study().runs.get(with);
        RunManifest manifest = other == null ? null : other.manifest();
        boolean changes = false;
        for (PlannedEvent event : manifest == null ? List.<PlannedEvent>of() : manifest.plannedEvents()) {
            changes |= event.step() > before && event.step() <= place.step();
        }
        return changes;
    }

    private void compare(Place place, Pair pair, double loss, double reference, boolean calm, List<Emission> out) {
        boolean sameRate = sameRate(place, pair.with());
        switch (pair.rule().add(place.step(), loss, reference, !calm, sameRate)) {
            case BEGAN -> tell(place, pair, Phase.BEGAN, "", out);
            case GREW -> tell(place, pair, Phase.GOES_ON, "", out);
            case ENDED ->
                tell(place, pair, Phase.ENDED, "the loss is back where it was beside run " + pair.with(), out);
            case ACCEPTED ->
                tell(place, pair, Phase.ENDED, "it has lasted: the difference is taken for normal from now on", out);
            case YIELDED -> tell(place, pair, Phase.ENDED, "the run's own forecast shows it too", out);
            case CALM, ON -> {}
        }
    }

    /** Whether the learning rates of both are known, and at the same part of their peaks. */
    private static boolean sameRate(Place place, String with) {
        RunState other = place.study().runs.get(with);
        LrPlan own = place.run().plan();
        LrPlan reference = other == null ? null : other.plan();
        if (own == null || reference == null || own.assumed() || reference.assumed()) {
            return false;
        }
        double step = (double) place.step();
        return Math.abs(Math.log(own.rate(step) / reference.rate(step))) < SAME_RATE;
    }

    private void tell(Place place, Pair pair, Phase phase, String why, List<Emission> out) {
        PairedRule rule = pair.rule();
        double size = rule.sizeNats();
        String message = String.format(
                Locale.ROOT,
                "the loss is %.4f nats %s beside run %s, which sees the same data, than it was before step %,d",
                Math.abs(size),
                size < 0 ? "lower" : "higher",
                pair.with(),
                rule.onsetStep());
        Finding finding = new Finding(
                Detector.PAIRED,
                phase,
                rule.onsetStep(),
                rule.rarity(),
                size,
                rule.sigma(),
                Math.pow(10, rule.rarity()),
                rule.observations(),
                phase == Phase.ENDED ? why : message);
        findings.emit(place, finding, out);
    }

    /** The run, or what it logs, has changed. */
    void relearn(Place place, String why, List<Emission> out) {
        Pair pair = place.curve().pair;
        if (pair != null) {
            end(place, why, out);
            pair.rule().relearn(place.step());
        }
    }

    /** The run, should it be the reference, is another from this step on. */
    void changed(Place place) {
        ReferenceSeries series = series(place);
        if (series != null && place.run().run.equals(series.run())) {
            series.breakAt(place.step());
        }
    }

    /** A new attempt began: what it sees need not be the same data. */
    void restart(Place place) {
        Pair pair = place.curve().pair;
        if (pair != null) {
            pair.rule().reset(place.step());
        }
        changed(place);
    }

    /** What was found and still goes on is over. */
    void end(Place place, String why, List<Emission> out) {
        Pair pair = place.curve().pair;
        if (pair != null && pair.rule().deviates()) {
            tell(place, pair, Phase.ENDED, why, out);
            pair.rule().relearn(place.step());
        }
    }

    /** The difference is taken for normal. */
    void accept(Place place, String why, List<Emission> out) {
        Pair pair = place.curve().pair;
        if (pair != null) {
            end(place, why, out);
            pair.rule().accept(place.step());
        }
    }

    private void leave(Place place, String why, List<Emission> out) {
        SplitState split = place.curve();
        if (split.pair != null) {
            end(place, why, out);
            split.pair = null;
            split.pairLeft = true;
        }
    }
}
