package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.data.RealData;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The OLMo ladder, one run after the other: clean, but for what is done to one of its runs. */
class RealLadderTest {

    private static final Set<Detector> CROSS_RUN =
            EnumSet.of(Detector.OFF_LAW, Detector.OFF_LADDER, Detector.UNIT_MISMATCH, Detector.NEVER_LEARNS);
    private static final String TESTED = "1B-2xC";

    private record Sized(RealData.Curve curve, double params, double tokensPerStep) {}

    private static Map<String, Sized> ladder() {
        Map<String, double[]> numbers = new TreeMap<>();
        List<String> lines = RealData.lines("olmo_ladder/curves.csv");
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            if (!cell[4].isEmpty() && Double.parseDouble(cell[3]) > 0) {
                numbers.put(cell[1], new double[] {
                    Double.parseDouble(cell[2]), Double.parseDouble(cell[4]) / Double.parseDouble(cell[3])
                });
            }
        }
        Map<String, Sized> ladder = new TreeMap<>();
        for (RealData.Curve curve : RealData.curves("olmo_ladder/curves.csv")) {
            double[] of = numbers.get(curve.run());
            if (of != null) {
                ladder.put(curve.run(), new Sized(curve, of[0], of[1]));
            }
        }
        return ladder;
    }

    /** What is found of the tested run, with its losses times a factor and more by an offset, after all others. */
    private static List<Deviation> found(Map<String, Sized> ladder, double factor, double offset, boolean ofAll) {
        Study lane = Study.curvesOnly();
        StudyState study = new StudyState(Fed.STUDY);
        List<Emission> out = new ArrayList<>();
        ladder.forEach((run, sized) -> {
            if (!run.startsWith(TESTED)) {
                events(sized, 1, 0).forEach(event -> lane.apply(study, event, -1, out));
            }
        });
        if (!ofAll) {
            out.clear();
        }
        events(Objects.requireNonNull(ladder.get(TESTED)), factor, offset)
                .forEach(event -> lane.apply(study, event, -1, out));
        return out.stream()
                .filter(record -> record.topic().equals(Topics.DEVIATIONS))
                .map(record -> Fed.read(record, Deviation.class))
                .filter(found -> CROSS_RUN.contains(found.detector()) && found.began())
                .toList();
    }

    private static List<TrainingEvent> events(Sized sized, double factor, double offset) {
        RealData.Curve curve = sized.curve();
        Schedule schedule = curve.schedule();
        List<TrainingEvent> events = new ArrayList<>();
        events.add(
                RunManifest.of(Fed.STUDY, curve.run(), sized.params(), curve.end(), sized.tokensPerStep(), schedule));
        curve.points().stream()
                .filter(point -> point.step() < curve.end())
                .forEach(point -> events.add(
                        LossObservation.of(Fed.STUDY, curve.run(), point.step(), factor * point.loss() + offset)));
        events.add(new RunEnd(Fed.STUDY, curve.run(), Outcome.FINISHED, null, null));
        return events;
    }

    @Test
    void olmoLadder_asItIs_findsNothing_andWithAFaultIt() {
        Map<String, Sized> ladder = ladder();
        assertThat(ladder).hasSizeGreaterThan(25);
        assertThat(found(ladder, 1, 0, true)).isEmpty();
        List<Deviation> bits = found(ladder, 1 / Math.log(2), 0, false);
        assertThat(bits).extracting(Deviation::detector).containsOnly(Detector.UNIT_MISMATCH);
        List<Deviation> off = found(ladder, 1, .15, false);
        assertThat(off).extracting(Deviation::detector).contains(Detector.OFF_LAW);
        System.out.printf(
                "bits: found at step %d of %d; +.15: %s%n",
                bits.get(0).step(),
                Objects.requireNonNull(ladder.get(TESTED)).curve().end(),
                off.get(0).message());
    }
}
