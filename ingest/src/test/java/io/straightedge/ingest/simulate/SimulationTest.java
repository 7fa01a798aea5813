package io.straightedge.ingest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.ScheduleKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SimulationTest {

    private static final long SEED = 7;

    private final Simulation simulation = Simulation.ladder(SEED);
    private final List<TimedEvent> events = events(simulation);

    @Test
    void events_sameSeed_areTheSameBytes() {
        List<TimedEvent> again = events(Simulation.ladder(SEED));
        assertThat(again).hasSameSizeAs(events);
        for (int i = 0; i < events.size(); i++) {
            assertThat(again.get(i).at()).isEqualTo(events.get(i).at());
            assertThat(Json.write(again.get(i).event()))
                    .isEqualTo(Json.write(events.get(i).event()));
        }
        assertThat(events(Simulation.ladder(SEED + 1))).isNotEqualTo(events);
    }

    @Test
    void events_number_isAsTold() {
        assertThat(events).hasSize((int) simulation.total()).hasSizeBetween(20_000, 40_000);
    }

    @Test
    void events_times_neverFall() {
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).at())
                    .isGreaterThanOrEqualTo(events.get(i - 1).at());
        }
    }

    @Test
    void events_history_comesFirstWithSevenFinishedRuns() {
        long finished = events.stream()
                .filter(event -> event.at().isNegative())
                .filter(event -> event.event() instanceof RunEnd end
                        && end.study().equals("demo")
                        && end.outcome() == Outcome.FINISHED)
                .count();
        assertThat(finished).isEqualTo(7);
    }

    @Test
    void events_eachRun_hasOneManifestBeforeItsLossesAndOneEnd() {
        Map<String, String> shape = new HashMap<>();
        for (TimedEvent timed : events) {
            if (timed.event() instanceof RunManifest manifest) {
                shape.merge(manifest.run(), "M", String::concat);
            } else if (timed.event() instanceof LossObservation loss) {
                shape.merge(loss.run(), "L", (before, l) -> before.endsWith("L") ? before : before + l);
            } else if (timed.event() instanceof RunEnd end) {
                shape.merge(end.run(), "E", String::concat);
            }
        }
        assertThat(shape).hasSize(simulation.truth().runs().size());
        assertThat(shape.values()).containsOnly("MLE");
    }

    @Test
    void truth_finalLoss_isTheLawsButForTheSeedsLuck() {
        for (RunTruth run : simulation.truth().runs()) {
            double law = Objects.requireNonNull(simulation.truth().laws().get(run.study()))
                    .loss(run.params(), run.tokens());
            assertThat(run.lawLoss()).isEqualTo(law);
            assertThat(run.finalLoss() / law).isCloseTo(1, within(5 * Simulation.SEED_NOISE));
            double decayed = Ladder.LAW.loss(run.params(), run.tokens());
            double factor = run.schedule() == ScheduleKind.CONSTANT ? Curve.UNDECAYED_FACTOR : 1;
            assertThat(law / decayed).isCloseTo(factor, within(1e-12));
        }
    }

    @Test
    void losses_lastTwentieth_averageTheCurve() {
        for (RunTruth run : simulation.truth().runs()) {
            if (run.finishes()) {
                List<LossObservation> losses = losses(run.run());
                double last = losses.subList(losses.size() - 30, losses.size()).stream()
                        .mapToDouble(loss -> Objects.requireNonNull(loss.loss()))
                        .average()
                        .orElseThrow();
                double sigma = Noise.sigma(run.tokens() / run.steps());
                assertThat(last).as(run.run()).isCloseTo(run.finalLoss(), within(4 * sigma / Math.sqrt(30) + 0.01));
            }
        }
    }

    @Test
    void curve_end_isExactlyTheFinalLoss() {
        for (ScheduleKind kind : List.of(ScheduleKind.COSINE, ScheduleKind.WSD, ScheduleKind.CONSTANT)) {
            Curve curve = new Curve(kind, 2000, 1e-3, 2.5);
            assertThat(curve.loss(2000)).isEqualTo(2.5);
            assertThat(curve.loss(1)).isGreaterThan(5);
            assertThat(curve.lr(40)).isCloseTo(1e-3, within(1e-12));
            assertThat(curve.lr(2000)).isCloseTo(kind == ScheduleKind.CONSTANT ? 1e-3 : 0, within(1e-12));
        }
    }

    @Test
    void noise_shape_isAsMeasuredOnRealRuns() {
        SplittableRandom random = new SplittableRandom(SEED);
        int n = 200_000;
        double[] powers = new double[5];
        for (int i = 0; i < n; i++) {
            double x = Noise.standard(random);
            for (int p = 1; p <= 4; p++) {
                powers[p] += Math.pow(x, p) / n;
            }
        }
        assertThat(powers[1]).isCloseTo(0, within(0.02));
        assertThat(powers[2]).isCloseTo(1, within(0.03));
        assertThat(powers[3]).as("skewness").isBetween(1.0, 3.0);
        assertThat(powers[4] - 3).as("excess kurtosis").isBetween(3.0, 37.0);
        assertThat(Noise.sigma(524_288)).isEqualTo(0.045);
        assertThat(Noise.sigma(1_048_576) / Noise.sigma(524_288)).isCloseTo(Math.pow(2, -0.37), within(1e-12));
    }

    @Test
    void faults_everyKind_isWhereItIsSaidToBe() {
        assertThat(simulation.truth().faults()).extracting(Fault::kind).contains(Fault.Kind.values());
        for (Fault fault : simulation.truth().faults()) {
            List<LossObservation> losses = losses(fault.run());
            switch (fault.kind()) {
                case SPIKE ->
                    assertThat(at(losses, fault.step()) - at(losses, fault.step() - 10))
                            .isGreaterThan(0.6);
                case NAN ->
                    assertThat(losses.stream()
                                    .filter(loss -> Double.isNaN(Objects.requireNonNull(loss.loss())))
                                    .map(LossObservation::step))
                            .containsExactly(fault.step(), fault.step() + 5, fault.endStep());
                case DIVERGENCE -> {
                    assertThat(losses.get(losses.size() - 1).step()).isEqualTo(fault.endStep());
                    assertThat(at(losses, fault.endStep())).isGreaterThan(8);
                    assertThat(at(losses, fault.step() - 5)).isLessThan(5);
                }
                case STALL -> assertThat(gap(losses, fault.step())).isGreaterThan(Faults.STALL);
                case RESTART -> {
                    int back = backwards(losses);
                    assertThat(losses.get(back).step()).isEqualTo(fault.endStep());
                    assertThat(losses.get(back - 1).step()).isEqualTo(fault.step() - 5);
                }
            }
        }
    }

    private List<LossObservation> losses(String run) {
        return events.stream()
                .map(TimedEvent::event)
                .filter(event ->
                        event instanceof LossObservation loss && loss.run().equals(run))
                .map(LossObservation.class::cast)
                .toList();
    }

    private static double at(List<LossObservation> losses, long step) {
        return losses.stream()
                .filter(loss -> loss.step() == step)
                .mapToDouble(loss -> Objects.requireNonNull(loss.loss()))
                .findFirst()
                .orElseThrow();
    }

    private static Duration gap(List<LossObservation> losses, long step) {
        Instant before = Instant.EPOCH;
        for (LossObservation loss : losses) {
            if (loss.step() == step) {
                return Duration.between(before, Objects.requireNonNull(loss.time()));
            }
            before = Objects.requireNonNull(loss.time());
        }
        throw new AssertionError("no step " + step);
    }

    private static int backwards(List<LossObservation> losses) {
        for (int i = 1; i < losses.size(); i++) {
            if (losses.get(i).step() < losses.get(i - 1).step()) {
                return i;
            }
        }
        throw new AssertionError("steps never go backwards");
    }

    private static List<TimedEvent> events(Simulation simulation) {
        List<TimedEvent> events = new ArrayList<>();
        simulation.events().forEach(events::add);
        return events;
    }
}
