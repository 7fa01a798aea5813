package io.straightedge.fitter.state;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.RunManifest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says that a deviation began, goes on, or ended. */
final class Findings {

    private final CurveUpdates curves;

    Findings(CurveUpdates curves) {
        this.curves = curves;
    }

    /** The split of a run that something was found in, and the event that shows it. */
    record Place(StudyState study, RunState run, String split, SplitState curve, long step, long timeMillis) {

        /** @param timeMillis of the event; negative when unknown */
        Place {}

        Place at(long other) {
            return new Place(study, run, split, curve, other, timeMillis);
        }
    }

    /**
     * A finding.
     *
     * @param sizeNats NaN where it has none
     * @param sigma standard deviation of one observation, nats per token; NaN where it is not known
     * @param oncePer observations in which a healthy run would show it once; NaN where nobody knows
     * @param observations since the onset; 0 where they are not counted
     */
    record Finding(
            Detector detector,
            Phase phase,
            long onsetStep,
            double score,
            double sizeNats,
            double sigma,
            double oncePer,
            long observations,
            String message) {

        /** One without a size: a matter of yes or no. */
        static Finding of(Detector detector, Phase phase, long onsetStep, String message) {
            return new Finding(
                    detector, phase, onsetStep, 1, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 0, message);
        }
    }

    void emit(Place place, Finding finding, List<Emission> out) {
        StudyState study = place.study;
        RunState run = place.run;
        String id = study.name + "/" + run.run + "/" + place.split + "/" + run.attempt + "/"
                + finding.detector().name().toLowerCase(Locale.ROOT) + "/" + finding.onsetStep();
        boolean on = finding.phase() != Phase.ENDED;
        Instant time = place.timeMillis < 0 ? null : Instant.ofEpochMilli(place.timeMillis);
        Deviation deviation = new Deviation(
                study.name,
                run.run,
                place.split,
                id,
                study.sequence,
                run.attempt,
                finding.detector(),
                finding.onsetStep(),
                place.step,
                finding.score(),
                finding.sizeNats(),
                on,
                time,
                finding.message(),
                finding.phase(),
                finding.sigma() > 0 && !Double.isNaN(finding.sizeNats()) ? finding.sizeNats() / finding.sigma() : null,
                finding.observations() > 0 ? finding.observations() : null,
                Double.isNaN(finding.oncePer()) ? null : finding.oncePer(),
                run.pace.perDay(),
                since(place, finding, time),
                on ? outlook(place, finding) : null,
                study.definition.owner(),
                labels(study, run));
        String phase = finding.phase() == Phase.GOES_ON
                ? "goes-on/" + place.step
                : finding.phase().name().toLowerCase(Locale.ROOT);
        out.add(Emission.of(
                Topics.DEVIATIONS,
                deviation.key(),
                Json.write(deviation),
                id + "/" + phase,
                "io.straightedge.deviation." + phase.replaceFirst("/.*", "") + ".v1"));
    }

    /** Says that {@code up} of the {@code passed} runs of the study that have seen a step are up there; it is about no run. */
    void emitShared(Place place, int up, int passed, List<Emission> out) {
        StudyState study = place.study;
        String id = study.name + "//" + place.split + "/0/shared/" + place.step;
        Deviation deviation = new Deviation(
                study.name,
                "",
                place.split,
                id,
                study.sequence,
                0,
                Detector.SHARED,
                place.step,
                place.step,
                up,
                Double.NaN,
                true,
                place.timeMillis < 0 ? null : Instant.ofEpochMilli(place.timeMillis),
                String.format(
                        Locale.ROOT,
                        "%d of the %d runs that have seen step %,d are above their forecasts there: a hard batch, or"
                                + " something that they share",
                        up,
                        passed,
                        place.step),
                Phase.BEGAN,
                null,
                (long) up,
                Double.POSITIVE_INFINITY,
                null,
                null,
                null,
                study.definition.owner(),
                study.definition.labels());
        out.add(Emission.of(
                Topics.DEVIATIONS,
                deviation.key(),
                Json.write(deviation),
                id + "/began",
                "io.straightedge.deviation.began.v1"));
    }

    /** When the onset was logged: silence begins with the last observation before it. */
    private static @Nullable Instant since(Place place, Finding finding, @Nullable Instant time) {
        if (finding.detector() == Detector.STALL && time != null) {
            return time.minusMillis(place.run.pace.silentMillis(place.timeMillis));
        }
        return finding.phase() == Phase.BEGAN && finding.onsetStep() == place.step ? time : null;
    }

    /**
     * What a finding means for the end of the run: the loss is then as far off as it is now. A run off the law is forecast as
     * it is: what others foretold of it is what was predicted before.
     */
    private Deviation.@Nullable Outlook outlook(Place place, Finding finding) {
        double sizeNats = finding.sizeNats();
        double known = finding.detector() == Detector.OFF_LAW ? sizeNats : 0;
        RunState run = place.run;
        RunManifest manifest = run.manifest();
        Forecast forecast = curves.finalLoss(place.study, run, place.split, place.curve);
        Double params = run.params();
        double tokens = run.plannedTokens();
        if (forecast == null && params == null) {
            return null;
        }
        Double perToken = manifest == null ? null : manifest.flopsPerToken();
        double flops = perToken != null ? perToken * tokens : params == null ? Double.NaN : 6 * params * tokens;
        return new Deviation.Outlook(
                forecast == null ? null : forecast.mean() - known,
                forecast == null || !Double.isFinite(sizeNats) ? null : forecast.mean() - known + sizeNats,
                params,
                CurveUpdates.nullIfUnknown(tokens),
                CurveUpdates.nullIfUnknown(flops));
    }

    private static Map<String, String> labels(StudyState study, RunState run) {
        Map<String, String> labels = new TreeMap<>(study.definition.labels());
        RunManifest manifest = run.manifest();
        if (manifest != null) {
            labels.putAll(manifest.labels());
        }
        return labels;
    }
}
