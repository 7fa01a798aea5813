package io.straightedge.fitter.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.fitter.state.Accounts;
import io.straightedge.fitter.state.Applied;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final int PARTITIONS = 4;
    private static final String STUDY = "ladder";
    private static final int HOME = Topics.partitionOf(STUDY, PARTITIONS);

    @Test
    void fold_anyBatchingAndAnyCrash_givesTheSameRecords() throws MessageException {
        List<byte[]> log = ladder(new Random(5), 12, 600);
        List<String> undisturbed = new Feed().batches(log, new Random(1), 1, 0).published();
        assertThat(undisturbed).hasSizeGreaterThan(500);
        for (int seed = 2; seed < 6; seed++) {
            Feed disturbed = new Feed().batches(log, new Random(seed), 300, .2);
            assertThat(disturbed.crashes).as("seed %d", seed).isPositive();
            assertThat(disturbed.published()).as("seed %d", seed).isEqualTo(undisturbed);
        }
    }

    @Test
    void fold_ladder_finishesRunsAndFitsALaw() throws MessageException {
        Feed feed = new Feed().batches(ladder(new Random(5), 12, 600), new Random(1), 100, 0);
        LawEstimate law = feed.last(Topics.LAW_ESTIMATES, LawEstimate.class);
        assertThat(law.points()).hasSize(12).allMatch(point -> point.finished() && point.weight() == 1);
        assertThat(law.law()).as(law.diagnostics().toString()).isNotNull();
        assertThat(Objects.requireNonNull(law.law()).loss(1e9, 2e10)).isCloseTo(trueLoss(1e9, 2e10), within(.05));
        assertThat(feed.last(Topics.CURVE_ESTIMATES, CurveEstimate.class).status())
                .isEqualTo(RunStatus.FINISHED);
        assertThat(feed.keys(Topics.FORECAST_SCORES)).hasSize(13).contains("ladder//train");
        assertThat(feed.accounts().balanced()).isTrue();
    }

    @Test
    void fold_garbage_becomesDeadLettersWithReasonsAndTheLaneGoesOn() {
        Feed feed = new Feed();
        feed.record("not json".getBytes(StandardCharsets.UTF_8));
        feed.record(new byte[0]);
        feed.record(new byte[5 << 20]);
        feed.record("{\"type\":\"loss\",\"run\":\"r\",\"step\":1,\"loss\":2}".getBytes(StandardCharsets.UTF_8));
        feed.record(("{\"type\":\"loss\",\"study\":\"" + STUDY + "\",\"run\":\"r\",\"step\":-1,\"loss\":2}")
                .getBytes(StandardCharsets.UTF_8));
        feed.record(("{\"type\":\"loss\",\"study\":\"" + "x".repeat(10_000) + "\",\"run\":\"r\",\"step\":1}")
                .getBytes(StandardCharsets.UTF_8));
        feed.event(LossObservation.of(STUDY, "r", 1, 9.5));
        feed.run();
        assertThat(feed.of(Topics.DEAD_LETTERS).stream().map(DeadLetter::reason))
                .containsExactly("malformed", "empty", "too-large", "invalid", "invalid", "invalid");
        assertThat(feed.of(Topics.DEAD_LETTERS).get(0).value()).asString().isEqualTo("not json");
        assertThat(feed.of(Topics.CURVE_ESTIMATES)).hasSize(1);
        assertThat(feed.accounts().in()).isEqualTo(7);
        assertThat(feed.accounts().count(Applied.DEAD_LETTER)).isEqualTo(6);
        assertThat(feed.accounts().balanced()).isTrue();
    }

    @Test
    void fold_arrayWithOneBadEvent_keepsTheGoodOnes() {
        Feed feed = new Feed();
        feed.record(("[{\"type\":\"loss\",\"study\":\"ladder\",\"run\":\"r\",\"step\":1,\"loss\":3},{\"type\":\"wat\"},"
                        + "{\"type\":\"loss\",\"study\":\"ladder\",\"run\":\"r\",\"step\":\"2\",\"loss\":\"NaN\"}]")
                .getBytes(StandardCharsets.UTF_8));
        feed.run();
        assertThat(feed.accounts().count(Applied.APPLIED)).isEqualTo(2);
        assertThat(feed.of(Topics.DEAD_LETTERS))
                .singleElement()
                .satisfies(letter -> assertThat(
                                letter.headers().lastHeader("errors.index").value())
                        .asString()
                        .isEqualTo("1"));
        assertThat(feed.deviations())
                .singleElement()
                .extracting(Deviation::detector)
                .isEqualTo(Detector.NON_FINITE);
    }

    @Test
    void fold_misplacedEvent_isForwardedToItsPartition() {
        String elsewhere = "elsewhere";
        int there = Topics.partitionOf(elsewhere, PARTITIONS);
        assertThat(there).isNotEqualTo(HOME);
        Feed feed = new Feed();
        feed.event(LossObservation.of(elsewhere, "r", 1, 2));
        feed.run();
        assertThat(feed.of(Topics.TRAINING_EVENTS)).singleElement().satisfies(forwarded -> {
            assertThat(forwarded.partition()).isEqualTo(there);
            assertThat(forwarded.key()).asString().isEqualTo(elsewhere);
            assertThat(Json.read(forwarded.value(), TrainingEvent.class))
                    .isEqualTo(LossObservation.of(elsewhere, "r", 1, 2));
        });
        assertThat(feed.of(Topics.CURVE_ESTIMATES)).isEmpty();
        assertThat(feed.accounts().count(Applied.FORWARDED)).isEqualTo(1);
    }

    @Test
    void fold_secondDelivery_isCountedAndChangesNothing() throws MessageException {
        Feed feed = new Feed();
        List<byte[]> log = ladder(new Random(3), 1, 200);
        log.forEach(feed::record);
        feed.run();
        int published = feed.published().size();
        log.subList(1, log.size() - 1).forEach(feed::record);
        feed.run();
        assertThat(feed.published()).hasSize(published);
        assertThat(feed.accounts().count(Applied.DUPLICATE)).isEqualTo(log.size() - 2);
    }

    @Test
    void fold_stepsBackwardsWithOtherValues_openANewAttempt() {
        Feed feed = new Feed();
        feed.event(RunManifest.of(STUDY, "r", 1e8, 1000L, 1e5, Schedule.of(ScheduleKind.COSINE, 10L, 1e-3)));
        for (int step = 1; step <= 300; step++) {
            feed.event(LossObservation.of(STUDY, "r", step, 5 - step * .001));
        }
        for (int step = 200; step <= 400; step++) {
            feed.event(LossObservation.of(STUDY, "r", step, 5.01 - step * .001));
        }
        feed.run();
        assertThat(feed.deviations()).singleElement().satisfies(restart -> {
            assertThat(restart.detector()).isEqualTo(Detector.RESTART);
            assertThat(restart.onsetStep()).isEqualTo(200);
            assertThat(restart.attempt()).isEqualTo(1);
        });
        assertThat(feed.accounts().count(Applied.LATE)).isZero();
        assertThat(feed.accounts().count(Applied.APPLIED)).isEqualTo(502);
    }

    @Test
    void fold_stragglers_areLateAndNoRestart() {
        Feed feed = new Feed();
        for (int step = 2; step <= 300; step += 2) {
            feed.event(LossObservation.of(STUDY, "r", step, 5 - step * .001));
        }
        feed.event(LossObservation.of(STUDY, "r", 201, 4.9));
        feed.event(LossObservation.of(STUDY, "r", 151, 4.9));
        feed.event(LossObservation.of(STUDY, "r", 302, 4.6));
        feed.run();
        assertThat(feed.deviations()).isEmpty();
        assertThat(feed.accounts().count(Applied.LATE)).isEqualTo(2);
    }

    @Test
    void fold_spikeAndNan_areFoundAndEnd() {
        Feed feed = new Feed();
        for (int step = 1; step <= 100; step++) {
            double loss = step >= 50 && step < 54 ? 6.5 : step == 70 ? Double.NaN : 4;
            feed.event(LossObservation.of(STUDY, "r", step, loss + .001 * (step % 3)));
        }
        feed.run();
        assertThat(feed.deviations())
                .filteredOn(found -> found.phase() != Deviation.Phase.GOES_ON)
                .extracting(Deviation::detector, Deviation::began, Deviation::onsetStep, Deviation::step)
                .containsExactly(
                        tuple(Detector.SPIKE, true, 50L, 50L),
                        tuple(Detector.SPIKE, false, 50L, 54L),
                        tuple(Detector.NON_FINITE, true, 70L, 70L),
                        tuple(Detector.NON_FINITE, false, 70L, 71L));
    }

    @Test
    void fold_divergedRunIsKilled_spikeBecomesDivergenceAndAllEnds() {
        Feed feed = new Feed();
        for (int step = 1; step <= 120; step++) {
            feed.event(LossObservation.of(STUDY, "r", step, (step < 40 ? 4 : 9) + .001 * (step % 3)));
        }
        feed.event(new RunEnd(STUDY, "r", Outcome.KILLED, null, null));
        feed.run();
        assertThat(feed.deviations())
                .filteredOn(found -> found.phase() != Deviation.Phase.GOES_ON)
                .extracting(Deviation::detector, Deviation::began, Deviation::step)
                .containsExactly(
                        tuple(Detector.SPIKE, true, 40L),
                        tuple(Detector.DIVERGENCE, true, 89L),
                        tuple(Detector.SPIKE, false, 89L),
                        tuple(Detector.DIVERGENCE, false, 120L));
    }

    @Test
    void fold_excludeAndInclude_takeARunOutOfTheLawAndBack() throws MessageException {
        Feed feed = new Feed().batches(ladder(new Random(5), 9, 300), new Random(1), 100, 0);
        feed.event(command(StudyCommand.Action.EXCLUDE, "run-03"));
        feed.run();
        LawEstimate without = feed.last(Topics.LAW_ESTIMATES, LawEstimate.class);
        assertThat(without.points())
                .hasSize(9)
                .allMatch(p -> (p.weight() == 0) == p.run().equals("run-03"));
        assertThat(without.diagnostics()).contains("1 run left out by command: run-03");
        feed.event(command(StudyCommand.Action.INCLUDE, "run-03"));
        feed.run();
        assertThat(feed.last(Topics.LAW_ESTIMATES, LawEstimate.class).points())
                .hasSize(9)
                .allMatch(p -> p.weight() == 1);
    }

    @Test
    void fold_forget_leavesTombstonesAndNoState() throws MessageException {
        Feed feed = new Feed().batches(ladder(new Random(5), 3, 300), new Random(1), 100, 0);
        feed.event(command(StudyCommand.Action.FORGET, null));
        feed.run();
        Map<String, byte[]> curves = new LinkedHashMap<>();
        feed.of(Topics.CURVE_ESTIMATES).forEach(record -> curves.put(text(record.key()), record.value()));
        assertThat(curves.values()).containsOnlyNulls();
        assertThat(feed.changelog.keySet().stream().filter(key -> key.contains("run-")))
                .isEmpty();
    }

    private static StudyCommand command(StudyCommand.Action action, @Nullable String run) {
        return StudyCommand.of(STUDY, action, run);
    }

    private static Offset<Double> within(double offset) {
        return Offset.offset(offset);
    }

    private static double trueLoss(double params, double tokens) {
        return 1.8172 + 477.8 / Math.pow(params, .3473) + 2143.4 / Math.pow(tokens, .3672);
    }

    /** Events of a ladder of runs whose losses end on a known law, interleaved, with a restart and a spike. */
    private static List<byte[]> ladder(Random random, int runs, int steps) {
        List<List<byte[]>> queues = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            String run = String.format("run-%02d", i);
            double params = 2e7 * Math.pow(2, i % 6);
            double tokensPerStep = 20 * params * (i < 6 ? .5 : 2) / steps;
            List<byte[]> events = new ArrayList<>();
            events.add(Json.write(RunManifest.of(
                    STUDY, run, params, (long) steps, tokensPerStep, Schedule.of(ScheduleKind.COSINE, 10L, 1e-3))));
            double end = trueLoss(params, steps * tokensPerStep);
            for (int step = 1; step <= steps; step++) {
                double progress = step / (double) steps;
                double loss = end
                        + 3 * (Math.pow(progress * 100 + 1, -.5) - Math.pow(101, -.5))
                        + .02 * random.nextGaussian();
                if (i == 3 && step == steps / 2) {
                    events.add(Json.write(StudyCommand.whatIf(STUDY, run, "longer", 2L * steps, null)));
                    events.add(Json.write(StudyCommand.whatIfCooldown(STUDY, run, "early", steps * 7 / 10, 60L)));
                }
                boolean spike = i == 1 && step >= steps / 2 && step < steps / 2 + 4;
                events.add(Json.write(LossObservation.of(STUDY, run, step, spike ? loss + 2 : loss)));
                if (i == 2 && step == steps * 3 / 4) {
                    for (int again = step - steps / 10; again <= step; again++) {
                        events.add(Json.write(LossObservation.of(STUDY, run, again, loss + .0001 * again)));
                    }
                }
            }
            events.add(Json.write(new RunEnd(STUDY, run, Outcome.FINISHED, null, null)));
            queues.add(events);
        }
        List<byte[]> log = new ArrayList<>();
        int longest = queues.stream().mapToInt(List::size).max().orElse(0);
        for (int position = 0; position < longest; position++) {
            for (List<byte[]> queue : queues) {
                if (position < queue.size()) {
                    log.add(queue.get(position));
                }
            }
        }
        return log;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A partition's log fed to lanes in batches, with the changelog kept beside, as a broker would. */
    private static final class Feed {

        final Map<String, byte[]> changelog = new LinkedHashMap<>();
        final List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        final List<ConsumerRecord<byte[], byte[]>> waiting = new ArrayList<>();
        int crashes;
        private long offset;
        private LaneMetrics metrics = new LaneMetrics(new SimpleMeterRegistry());
        private Lanes lanes = new Lanes(PARTITIONS, metrics);

        Feed() {
            lanes.assign(HOME);
            lanes.restored(HOME);
        }

        void event(TrainingEvent event) {
            record(Json.write(event));
        }

        void record(byte[] value) {
            waiting.add(new ConsumerRecord<>(
                    Topics.TRAINING_EVENTS, HOME, offset++, STUDY.getBytes(StandardCharsets.UTF_8), value));
        }

        void run() {
            Batch.Outputs done = lanes.fold(new Batch(1, List.copyOf(waiting)));
            waiting.clear();
            for (ProducerRecord<byte[], byte[]> output : done.outputs()) {
                if (output.topic().equals(Topics.FITTER_STATE)) {
                    if (output.value() == null) {
                        changelog.remove(text(output.key()));
                    } else {
                        changelog.put(text(output.key()), output.value());
                    }
                } else {
                    outputs.add(output);
                }
            }
            lanes.committed(done);
        }

        /** Feeds the log in batches of random size; before some the process crashes, in half of them in mid-batch. */
        Feed batches(List<byte[]> log, Random random, int largest, double crash) {
            int next = 0;
            while (next < log.size()) {
                int size = 1 + random.nextInt(largest);
                int end = Math.min(log.size(), next + size);
                if (random.nextDouble() < crash) {
                    crashes++;
                    if (random.nextBoolean()) {
                        long keptOffset = offset;
                        log.subList(next, end).forEach(this::record);
                        lanes.fold(new Batch(1, List.copyOf(waiting)));
                        waiting.clear();
                        offset = keptOffset;
                    }
                    restart();
                }
                log.subList(next, end).forEach(this::record);
                run();
                next = end;
            }
            return this;
        }

        void restart() {
            metrics = new LaneMetrics(new SimpleMeterRegistry());
            lanes = new Lanes(PARTITIONS, metrics);
            lanes.assign(HOME);
            long position = 0;
            for (Map.Entry<String, byte[]> entry : changelog.entrySet()) {
                byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
                lanes.restore(HOME, new ConsumerRecord<>(Topics.FITTER_STATE, HOME, position++, key, entry.getValue()));
            }
            lanes.restored(HOME);
        }

        Accounts accounts() {
            return metrics.sum();
        }

        List<ProducerRecord<byte[], byte[]>> of(String topic) {
            return outputs.stream()
                    .filter(output -> output.topic().equals(topic))
                    .toList();
        }

        Set<String> keys(String topic) {
            return of(topic).stream().map(record -> text(record.key())).collect(Collectors.toSet());
        }

        List<Deviation> deviations() {
            return of(Topics.DEVIATIONS).stream()
                    .map(record -> {
                        try {
                            return Json.read(record.value(), Deviation.class);
                        } catch (MessageException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }

        <T> T last(String topic, Class<T> type) throws MessageException {
            List<ProducerRecord<byte[], byte[]>> records = of(topic);
            return Json.read(records.get(records.size() - 1).value(), type);
        }

        /** Every public record as text: topic, key, headers and value. */
        List<String> published() {
            return outputs.stream()
                    .map(record -> record.topic() + " " + text(record.key()) + " "
                            + List.of(record.headers().toArray()) + " "
                            + (record.value() == null ? "null" : text(record.value())))
                    .toList();
        }
    }
}
