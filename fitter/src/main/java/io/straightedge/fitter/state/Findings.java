package io.straightedge.fitter.state;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Says that a deviation began or ended. */
final class Findings {

    private Findings() {}

    /**
     * A finding about a split of a run.
     *
     * @param timeMillis of the event that showed it; negative when unknown
     */
    record Finding(
            Detector detector,
            boolean began,
            long onsetStep,
            long step,
            double score,
            double sizeNats,
            long timeMillis,
            String message) {}

    static void emit(StudyState study, RunState run, String split, Finding finding, List<Emission> out) {
        String id = study.name + "/" + run.run + "/" + split + "/" + run.attempt + "/"
                + finding.detector().name().toLowerCase(Locale.ROOT) + "/" + finding.onsetStep();
        Deviation deviation = new Deviation(
                study.name,
                run.run,
                split,
                id,
                study.sequence,
                run.attempt,
                finding.detector(),
                finding.onsetStep(),
                finding.step(),
                finding.score(),
                finding.sizeNats(),
                finding.began(),
                finding.timeMillis() < 0 ? null : Instant.ofEpochMilli(finding.timeMillis()),
                finding.message());
        out.add(Emission.of(
                Topics.DEVIATIONS,
                deviation.key(),
                Json.write(deviation),
                id + (finding.began() ? "/began" : "/ended"),
                "io.straightedge.deviation." + (finding.began() ? "began" : "ended") + ".v1"));
    }
}
