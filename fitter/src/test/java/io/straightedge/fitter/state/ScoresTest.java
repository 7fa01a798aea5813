package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.interval.ConformalFactors;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScoresTest {

    private static final String STUDY = "s";
    private static final long STEPS = 2_000;

    private final Fitter fitter = new Fitter();

    @Test
    void finish_plannedStepsReached_scoresWhatWasKept() throws MessageException {
        fitter.apply(run("a", STEPS, STEPS, 1));
        ForecastScore score = fitter.score("a");
        assertThat(score.endStep()).isEqualTo(STEPS);
        assertThat(score.entries()).hasSizeBetween(6, 15).allSatisfy(entry -> {
            assertThat(entry.unscored()).isNull();
            assertThat(entry.z())
                    .isEqualTo((score.finalLoss() - entry.forecast().mean())
                            / entry.forecast().scale());
            assertThat(entry.fraction()).isEqualTo(Objects.requireNonNull(entry.step()) / (double) STEPS);
            assertThat(Objects.requireNonNull(entry.parts().get("law")).mean())
                    .isEqualTo(entry.forecast().mean());
        });
        TrackRecord record = fitter.record();
        assertThat(record.runs()).isEqualTo(1);
        assertThat(record.fractions()).allMatch(at -> at.n() == 1);
        int told = fitter.of(Topics.FORECAST_SCORES).size();
        fitter.apply(List.of(new RunEnd(STUDY, "a", Outcome.FINISHED, null, null)));
        assertThat(fitter.of(Topics.FORECAST_SCORES)).hasSize(told);
    }

    @Test
    void finish_evaluatedLossComesLater_scoresAgainInTheSamePlace() throws MessageException {
        fitter.apply(run("a", STEPS, STEPS, 1));
        double first = fitter.score("a").finalLoss();
        fitter.apply(List.of(new RunEnd(STUDY, "a", Outcome.FINISHED, first + .25, null)));
        assertThat(fitter.score("a").finalLoss()).isEqualTo(first + .25);
        assertThat(fitter.record().runs()).isEqualTo(1);
        List<TrackRecord.AtFraction> fractions = fitter.record().fractions();
        assertThat(fractions.get(fractions.size() - 1).errors().biasNats()).isCloseTo(-.25, within(.05));
        assertThat(fitter.changelog.keySet().stream().filter(key -> key.contains("\u001ft\u001f")))
                .hasSize(1);
    }

    @Test
    void finish_longBeforeThePlannedEnd_scoresForecastsMadeAgainForThatEnd() throws MessageException {
        fitter.apply(run("a", STEPS, STEPS / 2, 1));
        fitter.apply(List.of(new RunEnd(STUDY, "a", Outcome.FINISHED, null, null)));
        assertThat(fitter.score("a").entries()).hasSizeGreaterThan(5).allSatisfy(entry -> {
            assertThat(entry.z()).isNotNull();
            assertThat(entry.unscored()).isNull();
            assertThat(entry.plannedSteps()).isEqualTo(STEPS / 2);
            assertThat(entry.fraction()).isBetween(.0, 1.);
        });
        assertThat(fitter.record().runs()).isEqualTo(1);
    }

    @Test
    void finish_planWasShortened_scoresWhatWasForecastForTheNewEnd() throws MessageException {
        List<TrainingEvent> events = new ArrayList<>(run("a", STEPS, 600, 1));
        List<TrainingEvent> rest = run("a", 1_000, 1_000, 1);
        events.add(rest.get(0));
        events.addAll(rest.subList(601, rest.size()));
        fitter.apply(events);
        List<ForecastScore.Entry> entries = fitter.score("a").entries();
        assertThat(entries).anyMatch(entry -> entry.unscored() != null).anyMatch(entry -> entry.z() != null);
        assertThat(entries)
                .allSatisfy(entry ->
                        assertThat(entry.unscored() == null).isEqualTo(Objects.equals(entry.plannedSteps(), 1_000L)));
    }

    @Test
    void finish_failedRun_isNotScored() throws MessageException {
        fitter.apply(run("a", STEPS, STEPS / 2, 1));
        fitter.apply(List.of(new RunEnd(STUDY, "a", Outcome.FAILED, null, null)));
        assertThat(fitter.of(Topics.FORECAST_SCORES)).isEmpty();
    }

    @Test
    void rewind_restart_dropsForecastsFromThere() throws MessageException {
        List<TrainingEvent> events = new ArrayList<>(run("a", STEPS, 1_500, 1));
        events.addAll(run("a", STEPS, STEPS, 2).subList(801, (int) STEPS + 1));
        fitter.apply(events);
        List<Long> steps = fitter.score("a").entries().stream()
                .map(entry -> Objects.requireNonNull(entry.step()))
                .toList();
        assertThat(steps).isSorted().doesNotHaveDuplicates();
        assertThat(fitter.record().runs()).isEqualTo(1);
    }

    /** Forecasts of later runs are made with what the earlier ones taught, and a crash at any point changes nothing. */
    @Test
    void factors_runsOneAfterTheOther_areLearntAndSurviveCrashes() throws MessageException {
        List<TrainingEvent> log = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            log.addAll(run("r" + i, 800, 800, i));
        }
        fitter.apply(log);
        Fitter crashing = new Fitter();
        Random random = new Random(3);
        for (int next = 0; next < log.size(); ) {
            int end = Math.min(log.size(), next + 1 + random.nextInt(200));
            crashing.apply(log.subList(next, end));
            crashing.crash();
            next = end;
        }
        assertThat(crashing.told()).isEqualTo(fitter.told());
        CurveEstimate first = fitter.tenth("r0");
        CurveEstimate last = fitter.tenth("r5");
        double shipped = ConformalFactors.LAW.at80(first.fraction());
        assertThat(first.fraction()).isEqualTo(last.fraction());
        assertThat(factor80(first)).isCloseTo(shipped, within(.001));
        assertThat(factor80(last)).isNotCloseTo(factor80(first), within(.005));
        assertThat(fitter.record().runs()).isEqualTo(6);
    }

    /** What is forecast while other runs end is the same after a restore, though new factors have been learnt since. */
    @Test
    void factors_runEndsBetweenBins_fitInForceKeepsItsOwn() throws MessageException {
        fitter.apply(run("b", STEPS, 1_000, 7));
        Forecast before = Objects.requireNonNull(fitter.curve("b").finalLoss());
        fitter.apply(run("a", 800, 800, 1));
        fitter.crash();
        fitter.apply(List.of(new RunEnd(STUDY, "b", Outcome.KILLED, null, null)));
        assertThat(fitter.curve("b").finalLoss()).isEqualTo(before);
    }

    @Test
    void forget_run_takesItOutOfTheTrackRecord() throws MessageException {
        fitter.apply(run("a", 800, 800, 1));
        fitter.apply(run("b", 800, 800, 2));
        fitter.apply(List.of(forget("a")));
        assertThat(fitter.record().runs()).isEqualTo(1);
        assertThat(fitter.latest("s/a/train")).isNull();
        fitter.apply(List.of(forget(null)));
        assertThat(fitter.latest("s//train")).isNull();
        assertThat(fitter.changelog.keySet().stream().filter(key -> key.contains("\u001ft\u001f")))
                .isEmpty();
    }

    private static double factor80(CurveEstimate estimate) {
        Forecast forecast = Objects.requireNonNull(estimate.finalLoss());
        return (forecast.upper80() - forecast.mean()) / forecast.scale();
    }

    private static StudyCommand forget(@Nullable String run) {
        return StudyCommand.of(STUDY, StudyCommand.Action.FORGET, run);
    }

    /** A run's manifest and its losses up to {@code last}: a noisy power law. */
    private static List<TrainingEvent> run(String run, long plannedSteps, long last, long seed) {
        Random random = new Random(seed);
        List<TrainingEvent> events = new ArrayList<>();
        events.add(RunManifest.of(STUDY, run, 1e8, plannedSteps, 1e5, Schedule.of(ScheduleKind.CONSTANT, 10L, 1e-3)));
        for (long step = 1; step <= last; step++) {
            double loss = 2 + 3 * Math.pow(1 + step / 10.0, -.5) + .02 * random.nextGaussian();
            events.add(LossObservation.of(STUDY, run, step, loss));
        }
        return events;
    }

    /** A partition's studies with a changelog beside, saved after every event. */
    private static final class Fitter {

        final TreeMap<String, byte[]> changelog = new TreeMap<>();
        final List<Emission> outputs = new ArrayList<>();
        private PartitionStudies studies = new PartitionStudies();

        void apply(List<TrainingEvent> events) {
            for (TrainingEvent event : events) {
                studies.apply(event, 0, outputs);
                List<Emission> saved = new ArrayList<>();
                studies.save(saved);
                saved.forEach(emission -> {
                    if (emission.value() == null) {
                        changelog.remove(emission.key());
                    } else {
                        changelog.put(emission.key(), emission.value());
                    }
                });
            }
        }

        void crash() {
            studies = new PartitionStudies();
            changelog.forEach(studies::restore);
            studies.restored();
        }

        List<Emission> of(String topic) {
            return outputs.stream()
                    .filter(output -> output.topic().equals(topic))
                    .toList();
        }

        byte @Nullable [] latest(String key) {
            byte[] value = null;
            for (Emission output : of(Topics.FORECAST_SCORES)) {
                value = output.key().equals(key) ? output.value() : value;
            }
            return value;
        }

        ForecastScore score(String run) throws MessageException {
            return Json.read(Objects.requireNonNull(latest("s/" + run + "/train")), ForecastScore.class);
        }

        TrackRecord record() throws MessageException {
            return Json.read(Objects.requireNonNull(latest("s//train")), TrackRecord.class);
        }

        List<CurveEstimate> curves(String run) throws MessageException {
            List<CurveEstimate> curves = new ArrayList<>();
            for (Emission output : of(Topics.CURVE_ESTIMATES)) {
                if (output.key().equals("s/" + run + "/train")) {
                    curves.add(Json.read(Objects.requireNonNull(output.value()), CurveEstimate.class));
                }
            }
            return curves;
        }

        CurveEstimate curve(String run) throws MessageException {
            List<CurveEstimate> curves = curves(run);
            return curves.get(curves.size() - 1);
        }

        /** The estimate made when a tenth of the plan had been passed. */
        CurveEstimate tenth(String run) throws MessageException {
            return curves(run).stream()
                    .filter(curve -> curve.fraction() >= .1)
                    .findFirst()
                    .orElseThrow();
        }

        List<String> told() {
            return outputs.stream()
                    .map(output -> output.topic() + " " + output.key() + " "
                            + (output.value() == null
                                    ? ""
                                    : new String(output.value(), java.nio.charset.StandardCharsets.UTF_8)))
                    .toList();
        }
    }
}
