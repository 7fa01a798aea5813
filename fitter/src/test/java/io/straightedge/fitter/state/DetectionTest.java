package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Deviation.Phase;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.PlannedEvent;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What detectors find in a run that the fitter has in its loop. */
class DetectionTest {

    private static final double SIGMA = .02;
    private static final long PLANNED = 10_000;
    private static final double BATCH = 1e5;

    private final Fed fed = new Fed();
    private final Random random = new Random(11);

    DetectionTest() {
        fed.event(manifest(List.of()));
    }

    private static RunManifest manifest(List<PlannedEvent> events) {
        return new RunManifest(
                Fed.STUDY,
                Fed.RUN,
                1e8,
                null,
                null,
                PLANNED,
                null,
                Schedule.of(ScheduleKind.CONSTANT, 100L, 1e-3),
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                events,
                null,
                Map.of("team", "x"),
                Map.of());
    }

    /** A step of a run that learns, {@code off} nats off its curve. */
    private void step(long step, double off, double lr, @Nullable Double gradNorm, @Nullable Double tokens) {
        double loss = 2.5 + 8 * Math.pow(1. + step, -.4) + SIGMA * random.nextGaussian() + off;
        fed.event(new LossObservation(Fed.STUDY, Fed.RUN, step, tokens, loss, "train", lr, gradNorm, null, null, null));
    }

    private void steps(long from, long to, double off) {
        for (long step = from; step < to; step++) {
            step(step, off, 1e-3, null, null);
        }
    }

    private List<Deviation> all() {
        List<Deviation> all = new ArrayList<>();
        for (Detector detector : Detector.values()) {
            all.addAll(fed.deviations(detector));
        }
        return all;
    }

    @Test
    void shift_isTold_withItsSizeAndWhatItMeansForTheEnd() {
        steps(1, 3000, 0);
        assertThat(all()).isEmpty();
        steps(3000, 3100, .1);
        List<Deviation> spike = fed.deviations(Detector.SPIKE);
        assertThat(spike.get(0).phase()).isEqualTo(Phase.BEGAN);
        assertThat(spike.get(0).onsetStep()).isBetween(2990L, 3003L);
        assertThat(spike.get(0).step()).isLessThan(3010);
        assertThat(spike.get(0).labels()).containsEntry("team", "x");
        assertThat(spike)
                .extracting(Deviation::phase)
                .contains(Phase.GOES_ON)
                .last()
                .isEqualTo(Phase.ENDED);
        assertThat(spike)
                .extracting(Deviation::id)
                .containsOnly("study/run/train/0/spike/" + spike.get(0).onsetStep());
        Deviation drift = fed.deviations(Detector.DRIFT).get(0);
        assertThat(drift.observations()).isBetween(45L, 55L);
        assertThat(drift.sizeNats()).isCloseTo(.1, within(.015));
        assertThat(drift.sizeSigmas()).isCloseTo(5, within(1.));
        assertThat(drift.oncePer()).isGreaterThan(1e9);
        Deviation.Outlook outlook = Objects.requireNonNull(drift.outlook());
        double before = Objects.requireNonNull(outlook.finalBefore());
        assertThat(before).isCloseTo(2.5 + 8 * Math.pow(PLANNED, -.4), within(.03));
        assertThat(outlook.finalAfter()).isCloseTo(before + drift.sizeNats(), within(1e-9));
    }

    @Test
    void shift_staysOutOfTheCurve_untilItIsBackOrAccepted() {
        steps(1, 3000, 0);
        steps(3000, 3200, .1);
        long before = fed.split().bins.count(fed.split().bins.size() - 1);
        steps(3200, 3205, .1);
        assertThat(fed.split().bins.count(fed.split().bins.size() - 1)).isEqualTo(before);
        fed.event(StudyCommand.of(Fed.STUDY, StudyCommand.Action.ACCEPT_LEVEL, Fed.RUN));
        assertThat(fed.deviations(Detector.DRIFT)).last().satisfies(end -> {
            assertThat(end.phase()).isEqualTo(Phase.ENDED);
            assertThat(end.message()).contains("accepted");
        });
        int found = all().size();
        steps(3205, 3600, .1);
        assertThat(fed.split().bins.count(fed.split().bins.size() - 1)).isGreaterThan(before);
        assertThat(all()).as("the new level is normal").hasSize(found);
    }

    @Test
    void shift_thatStays_goesOnUntilTheForecastIsOld() {
        steps(1, 2000, 0);
        steps(2000, 2950, .15);
        assertThat(fed.split().shift.shifted())
                .as("after almost half as many steps again")
                .isTrue();
        steps(2950, 3100, .15);
        assertThat(fed.deviations(Detector.DRIFT)).last().satisfies(end -> {
            assertThat(end.phase()).isEqualTo(Phase.ENDED);
            assertThat(end.message()).contains("too old");
        });
        int found = all().size();
        steps(3100, PLANNED, .15);
        assertThat(all()).as("the level is normal from then on").hasSize(found);
    }

    @Test
    void acceptedLevel_movesTheForecast_andNothingElse() {
        steps(1, 3000, 0);
        steps(3000, 3200, .1);
        fed.event(StudyCommand.of(Fed.STUDY, StudyCommand.Action.ACCEPT_LEVEL, Fed.RUN));
        int found = all().size();
        steps(3200, 3300, .1);
        double end = 2.5 + 8 * Math.pow(PLANNED, -.4) + .1;
        assertThat(Objects.requireNonNull(fed.estimate().finalLoss()).mean()).isCloseTo(end, within(.03));
        steps(3300, PLANNED, .1);
        assertThat(all()).as("neither a plateau nor too good").hasSize(found);
    }

    @Test
    void plannedEvent_raisesNothing() {
        fed.event(manifest(List.of(new PlannedEvent("data-change", 3000))));
        steps(1, 3000, 0);
        steps(3000, 4000, .08);
        assertThat(all()).isEmpty();
    }

    @Test
    void rateChangedByHand_isClassified() {
        steps(1, 3000, 0);
        for (long step = 3000; step < 3500; step++) {
            step(step, -.06, 3e-4, null, null);
        }
        assertThat(fed.deviations(Detector.RATE_CHANGE)).singleElement().satisfies(found -> {
            assertThat(found.step()).isEqualTo(3000);
            assertThat(found.message()).contains("0.00100").contains("0.000300");
        });
        assertThat(fed.deviations(Detector.TOO_GOOD)).isEmpty();
    }

    @Test
    void batchChangedWithoutAWord_isClassified() {
        double tokens = 0;
        for (long step = 1; step < 4000; step++) {
            tokens += step < 3000 ? BATCH : 2 * BATCH;
            step(step, step < 3000 ? 0 : -.02, 1e-3, null, tokens);
        }
        List<Deviation> changes = fed.deviations(Detector.BATCH_CHANGE);
        assertThat(changes).hasSizeBetween(1, 2).allMatch(found -> found.step() >= 3000 && found.step() < 3100);
        assertThat(changes)
                .last()
                .satisfies(found -> assertThat(found.message()).contains("to 200,000"));
        assertThat(fed.deviations(Detector.TOO_GOOD))
                .noneMatch(found -> found.phase() == Phase.GOES_ON && found.step() > 3150);
    }

    @Test
    void gradientNorm_isASecondChannel() {
        for (long step = 1; step < 3000; step++) {
            step(step, 0, 1e-3, Math.exp(.3 * random.nextGaussian()), null);
        }
        assertThat(all()).isEmpty();
        for (long step = 3000; step < 3020; step++) {
            step(step, 0, 1e-3, 5 * Math.exp(.3 * random.nextGaussian()), null);
        }
        Deviation found = fed.deviations(Detector.GRADIENT).get(0);
        assertThat(found.step()).isBetween(3000L, 3008L);
        assertThat(found.message()).contains("times its level");
        assertThat(fed.deviations(Detector.SPIKE)).isEmpty();
    }

    @Test
    void plateau_isFoundByTheSlowRule() {
        steps(1, 2000, 0);
        double flat = 8 * Math.pow(2001, -.4);
        for (long step = 2000; step < 6000; step++) {
            step(step, flat - 8 * Math.pow(1. + step, -.4), 1e-3, null, null);
        }
        List<Deviation> up = new ArrayList<>(fed.deviations(Detector.PLATEAU));
        up.addAll(fed.deviations(Detector.DRIFT));
        assertThat(up).isNotEmpty();
        assertThat(up.stream().mapToLong(Deviation::step).min().orElseThrow()).isLessThan(4000);
    }

    @Test
    void restartOfAnotherSplit_endsWhatWasFoundInThisOne() {
        steps(1, 1000, 0);
        steps(1000, 1020, 2);
        assertThat(fed.deviations(Detector.SPIKE))
                .last()
                .satisfies(on -> assertThat(on.began()).isTrue());
        fed.event(Fed.observation("val", 900, null, 3, 1));
        fed.event(Fed.observation("train", 901, null, 3, 1));
        assertThat(fed.deviations(Detector.SPIKE)).last().satisfies(end -> {
            assertThat(end.phase()).isEqualTo(Phase.ENDED);
            assertThat(end.message()).contains("new attempt");
        });
    }

    /** Lines printed around incidents; with a handful of them nothing is known of the noise. */
    @Test
    void bloom_fragments_areFoundWithinALogRow() {
        Map<String, Long> expected = Map.of(
                "tr8-104B", 7010L,
                "tr1-13B", 29_050L,
                "tr11-176B", 31_219L);
        Map<String, Fed> runs = new TreeMap<>();
        RealData.lines("bigscience_chronicles/curve_fragments.csv").stream()
                .skip(1)
                .forEach(line -> {
                    String[] cells = line.split(",", -1);
                    Double norm = cells[9].isEmpty() ? null : Double.valueOf(cells[9]);
                    runs.computeIfAbsent(cells[1], name -> new Fed())
                            .event(new LossObservation(
                                    Fed.STUDY,
                                    Fed.RUN,
                                    Long.parseLong(cells[3]),
                                    null,
                                    Double.valueOf(cells[7]),
                                    "train",
                                    null,
                                    norm,
                                    cells[13].isEmpty() ? null : Long.valueOf(cells[13]),
                                    null,
                                    null));
                });
        expected.forEach((name, step) -> {
            Fed run = Objects.requireNonNull(runs.get(name));
            assertThat(run.deviations(Detector.SPIKE)).as(name).isNotEmpty();
            assertThat(run.deviations(Detector.SPIKE).get(0).step()).as(name).isEqualTo(step);
        });
    }
}
