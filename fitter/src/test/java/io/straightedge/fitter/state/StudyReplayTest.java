package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StudyReplayTest {

    private static final String STUDY = "ladder";
    private static final String SPLIT = "val";
    private static final long STEPS = 10_000;
    private static final StudyDefinition DEFINITION =
            new StudyDefinition(STUDY, null, LossUnit.NATS, null, SPLIT, null, List.of(), null, null, Map.of());

    /** The manifest and the losses of a run, L = 2 + .1 r + 8 t^-.4 with a little noise. */
    private static List<TrainingEvent> run(int number, double fraction) {
        Random random = new Random(number);
        List<TrainingEvent> events = new ArrayList<>();
        Schedule cosine = Schedule.of(ScheduleKind.COSINE, 100L, 1e-3);
        events.add(RunManifest.of(STUDY, "r" + number, 1e8, STEPS, 1e5, cosine));
        for (long step = 50; step <= fraction * STEPS; step += 50) {
            double loss = 2 + .1 * number + 8 * Math.pow((double) step, -.4) + .002 * random.nextGaussian();
            events.add(new LossObservation(STUDY, "r" + number, step, null, loss, SPLIT, null, null, null, null, null));
        }
        return events;
    }

    private static RunEnd end(int number) {
        return new RunEnd(STUDY, "r" + number, io.straightedge.protocol.run.Outcome.FINISHED, null, null);
    }

    private static Forecast found(Outcome<CurveFit> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<CurveFit>) outcome).value().finalLoss();
    }

    @Test
    void forecast_isWhatTheLiveLanePublishes() throws MessageException {
        PartitionStudies live = new PartitionStudies();
        StudyReplay replay = new StudyReplay(DEFINITION);
        List<Emission> out = new ArrayList<>();
        live.apply(DEFINITION, 0, out);
        List<TrainingEvent> events = new ArrayList<>(run(1, 1));
        events.add(end(1));
        events.addAll(run(2, .6));
        for (TrainingEvent event : events) {
            live.apply(event, 0, out);
            replay.apply(event);
        }
        CurveEstimate last = null;
        for (Emission emission : out) {
            if (emission.topic().equals(Topics.CURVE_ESTIMATES) && emission.value() != null) {
                CurveEstimate estimate = Json.read(emission.value(), CurveEstimate.class);
                last = estimate.run().equals("r2") ? estimate : last;
            }
        }
        Forecast published = Objects.requireNonNull(Objects.requireNonNull(last).finalLoss());
        Forecast replayed = found(replay.forecast("r2", SPLIT));
        assertThat(replayed.mean()).isEqualTo(published.mean());
        assertThat(replayed.scale()).isEqualTo(published.scale());
    }

    @Test
    void forget_ofARunThatHasNotEnded_leavesNoTrace() {
        StudyReplay undisturbed = new StudyReplay(DEFINITION);
        StudyReplay disturbed = new StudyReplay(DEFINITION);
        for (StudyReplay replay : List.of(undisturbed, disturbed)) {
            run(1, 1).forEach(replay::apply);
            replay.apply(end(1));
        }
        run(3, .9).forEach(disturbed::apply);
        disturbed.forget("r3");
        run(2, .5).forEach(undisturbed::apply);
        run(2, .5).forEach(disturbed::apply);
        assertThat(found(disturbed.forecast("r2", SPLIT))).isEqualTo(found(undisturbed.forecast("r2", SPLIT)));
        assertThat(disturbed.forecast("r3", SPLIT)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void forecast_withoutData_saysWhy() {
        StudyReplay replay = new StudyReplay(DEFINITION);
        assertThat(replay.forecast("r1", SPLIT)).isInstanceOf(Outcome.Refused.class);
        run(1, .01).forEach(replay::apply);
        assertThat(replay.forecast("r1", SPLIT)).isInstanceOf(Outcome.Refused.class);
    }
}
