package io.straightedge.fitter.state;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A study fed with events, and what came out. */
final class Fed {

    static final String STUDY = "study";
    static final String RUN = "run";

    final StudyState state = new StudyState(STUDY);
    final List<Emission> out = new ArrayList<>();
    final Map<Applied, Integer> became = new EnumMap<>(Applied.class);
    private final Study study = new Study();

    Applied event(TrainingEvent event) {
        Applied applied = study.apply(state, event, -1, out);
        became.merge(applied, 1, Integer::sum);
        return applied;
    }

    Applied loss(long step, double loss) {
        return loss(step, loss, null);
    }

    Applied loss(long step, double loss, @Nullable Integer attempt) {
        return event(observation("train", step, null, loss, attempt));
    }

    static LossObservation observation(
            String split, long step, @Nullable Double tokens, double loss, @Nullable Integer attempt) {
        return new LossObservation(STUDY, RUN, step, tokens, loss, split, null, null, null, null, attempt);
    }

    int count(Applied what) {
        return became.getOrDefault(what, 0);
    }

    RunState run() {
        return Objects.requireNonNull(state.runs.get(RUN));
    }

    SplitState split() {
        return split("train");
    }

    SplitState split(String name) {
        return Objects.requireNonNull(run().splits.get(name));
    }

    CurveEstimate estimate() {
        return estimate("train");
    }

    CurveEstimate estimate(String split) {
        CurveEstimate last = null;
        for (Emission emission : out) {
            if (emission.topic().equals(Topics.CURVE_ESTIMATES)
                    && emission.key().endsWith("/" + split)) {
                last = read(emission, CurveEstimate.class);
            }
        }
        return Objects.requireNonNull(last);
    }

    List<Deviation> deviations(Detector detector) {
        return out.stream()
                .filter(emission -> emission.topic().equals(Topics.DEVIATIONS))
                .map(emission -> read(emission, Deviation.class))
                .filter(deviation -> deviation.detector() == detector)
                .toList();
    }

    static <T> T read(Emission emission, Class<T> type) {
        try {
            return Json.read(Objects.requireNonNull(emission.value()), type);
        } catch (MessageException e) {
            throw new AssertionError(e);
        }
    }
}
