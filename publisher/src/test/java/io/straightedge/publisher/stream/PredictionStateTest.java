package io.straightedge.publisher.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictionStateTest {

    private static final String STUDY = "ladder/c4";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PredictionState state = new PredictionState(meters);
    private long offset;

    @BeforeEach
    void assign() {
        state.assign(3);
    }

    @Test
    void apply_curveEstimate_writesOnePredictionAsCloudEventToTheSamePartition() throws MessageException {
        CurveEstimate estimate = Sample.curve(STUDY, "a", 1e8, 2e9, 0.5);

        List<ProducerRecord<byte[], byte[]>> written = apply(curve(estimate));

        assertThat(written).hasSize(1);
        ProducerRecord<byte[], byte[]> record = written.get(0);
        assertThat(record.topic()).isEqualTo(Topics.PREDICTIONS);
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.timestamp()).isNull();
        assertThat(key(record)).isEqualTo(STUDY + "/a/train");
        assertThat(headers(record))
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", estimate.id() + "/curve")
                .containsEntry("ce_source", "/straightedge/publisher")
                .containsEntry("ce_type", "io.straightedge.prediction.revised.v1")
                .containsEntry("ce_subject", STUDY + "/a/train")
                .containsEntry("content-type", "application/json");
        assertThat(Json.read(record.value(), Prediction.class).finalLoss()).isEqualTo(estimate.finalLoss());
    }

    @Test
    void apply_law_writesRecommendationsAndRevisesPlannedRuns() throws MessageException {
        apply(curve(Sample.curve(STUDY, "planned", 1e9, 2e10, 0)));

        List<ProducerRecord<byte[], byte[]>> written = apply(law(1, 1e21, 1e22));

        assertThat(written)
                .extracting(ProducerRecord::topic)
                .containsExactly(Topics.PREDICTIONS, Topics.RECOMMENDATIONS, Topics.RECOMMENDATIONS);
        assertThat(Json.read(written.get(0).value(), Prediction.class).basis()).isEqualTo(Prediction.Basis.LAW);
        assertThat(Json.read(written.get(1).value(), Recommendation.class).budgetFlops())
                .isEqualTo(1e21);
        assertThat(key(written.get(2))).isEqualTo(STUDY + "/1.0E22");
    }

    @Test
    void apply_lawThatSaysTheSame_leavesRunsWithForecastsAlone() {
        apply(law(1, 1e21));
        apply(curve(Sample.curve(STUDY, "running", 1e8, 2e9, 0.5)));

        assertThat(apply(law(2, 1e21))).extracting(ProducerRecord::topic).containsExactly(Topics.RECOMMENDATIONS);
    }

    @Test
    void apply_budgetNoLongerAskedFor_isTakenBack() {
        apply(law(1, 1e21, 1e22));

        List<ProducerRecord<byte[], byte[]>> written = apply(law(2, 1e22));

        assertThat(key(written.get(0))).isEqualTo(STUDY + "/1.0E21");
        assertThat(written.get(0).value()).isNull();
        assertThat(headers(written.get(0)))
                .containsEntry("ce_type", "io.straightedge.recommendation.withdrawn.v1")
                .containsEntry("ce_id", STUDY + "/1.0E21/withdrawn/law-estimates/3/1")
                .doesNotContainKey("content-type");
        assertThat(key(written.get(1))).isEqualTo(STUDY + "/1.0E22");
        assertThat(written.get(1).value()).isNotNull();
    }

    @Test
    void apply_tombstones_takeBackWhatFollowed() {
        CurveEstimate running = Sample.curve(STUDY, "a", 1e8, 2e9, 0.5);
        CurveEstimate planned = Sample.curve(STUDY, "p", 1e9, 2e10, 0);
        apply(curve(running));
        apply(curve(planned));
        apply(law(1, 1e21));

        assertThat(apply(tombstone(Topics.CURVE_ESTIMATES, running.key())))
                .singleElement()
                .satisfies(record -> assertThat(key(record)).isEqualTo(running.key()))
                .satisfies(record -> assertThat(record.value()).isNull());
        assertThat(apply(tombstone(Topics.LAW_ESTIMATES, STUDY + "/chinchilla")))
                .extracting(PredictionStateTest::key)
                .containsExactly(planned.key(), STUDY + "/1.0E21");
        assertThat(apply(tombstone(Topics.CURVE_ESTIMATES, planned.key()))).isEmpty();
        assertThat(apply(tombstone(Topics.CURVE_ESTIMATES, "never/seen/train"))).isEmpty();
    }

    @Test
    void apply_garbage_isCountedAndPassedOver() {
        List<ProducerRecord<byte[], byte[]>> written = apply(List.of(
                Sample.record(Topics.CURVE_ESTIMATES, offset++, "x", "not json".getBytes(StandardCharsets.UTF_8)),
                Sample.record(Topics.LAW_ESTIMATES, offset++, "x", "{\"law\":7}".getBytes(StandardCharsets.UTF_8)),
                curve(Sample.curve(STUDY, "a", 1e8, 2e9, 0.5))));

        assertThat(written).hasSize(1);
        assertThat(meters.get("straightedge.publisher.records")
                        .tag("outcome", "unreadable")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void apply_anyInterleavingOfTheTopics_givesTheSameLatestRecords() {
        List<ConsumerRecord<byte[], byte[]>> curves = new ArrayList<>();
        for (double fraction : new double[] {0, 0.05, 0.3, 0.6, 1}) {
            curves.add(curve(Sample.curve(STUDY, "a", 1e8, 2e9, fraction)));
            curves.add(curve(Sample.curve(STUDY, "b", 5e8, 1e10, fraction / 2)));
        }
        curves.add(curve(Sample.curve(STUDY, "p", 1e9, 2e10, 0)));
        curves.add(tombstone(Topics.CURVE_ESTIMATES, STUDY + "/a/train"));
        List<ConsumerRecord<byte[], byte[]>> laws = List.of(law(1, 1e21), refusal(), law(3, 1e21, 1e22), law(4, 1e22));
        Map<String, @Nullable String> expected = latest(interleaved(curves, laws, new Random(0)), false);

        for (long seed = 1; seed <= 50; seed++) {
            assertThat(latest(interleaved(curves, laws, new Random(seed)), seed % 2 == 0))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    @Test
    void apply_partitionNeverAssigned_isABug() {
        state.drop(3);

        assertThatThrownBy(() -> apply(law(1, 1e21))).isInstanceOf(IllegalStateException.class);
    }

    /** The latest value by topic and key; half-way dropped and restored from compacted inputs when asked to. */
    private static Map<String, @Nullable String> latest(List<ConsumerRecord<byte[], byte[]>> inputs, boolean crash) {
        PredictionState fresh = new PredictionState(new SimpleMeterRegistry());
        fresh.assign(3);
        Map<String, @Nullable String> latest = new TreeMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (crash && i == inputs.size() / 2) {
                fresh.drop(3);
                fresh.assign(3);
                for (ConsumerRecord<byte[], byte[]> record : inputs.subList(0, i)) {
                    fresh.restore(3, record);
                }
                fresh.restored(3);
            }
            for (ProducerRecord<byte[], byte[]> record :
                    fresh.apply(new Batch(i, List.of(inputs.get(i)))).outputs()) {
                latest.put(
                        record.topic() + " " + key(record),
                        record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        // What was never said and what was taken back are the same to a reader of a compacted topic.
        latest.values().removeIf(value -> value == null);
        return latest;
    }

    private static List<ConsumerRecord<byte[], byte[]>> interleaved(
            List<ConsumerRecord<byte[], byte[]>> first, List<ConsumerRecord<byte[], byte[]>> second, Random random) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < first.size() || j < second.size()) {
            if (j == second.size() || (i < first.size() && random.nextBoolean())) {
                all.add(first.get(i++));
            } else {
                all.add(second.get(j++));
            }
        }
        return all;
    }

    private List<ProducerRecord<byte[], byte[]>> apply(ConsumerRecord<byte[], byte[]> record) {
        return apply(List.of(record));
    }

    private List<ProducerRecord<byte[], byte[]>> apply(List<ConsumerRecord<byte[], byte[]>> records) {
        return state.apply(new Batch(1, records)).outputs();
    }

    private ConsumerRecord<byte[], byte[]> curve(CurveEstimate estimate) {
        return Sample.record(Topics.CURVE_ESTIMATES, offset++, estimate.key(), estimate);
    }

    private ConsumerRecord<byte[], byte[]> law(long revision, Double... budgets) {
        LawEstimate law = Sample.law(STUDY, revision, Sample.points(0, 44e6, 90e6, 175e6), List.of(budgets));
        return Sample.record(Topics.LAW_ESTIMATES, revision - 1, law.key(), law);
    }

    private ConsumerRecord<byte[], byte[]> refusal() {
        LawEstimate refusal = Sample.noLaw(STUDY);
        return Sample.record(Topics.LAW_ESTIMATES, 1, refusal.key(), refusal);
    }

    private ConsumerRecord<byte[], byte[]> tombstone(String topic, String key) {
        return Sample.record(topic, offset++, key, null);
    }

    private static String key(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        StreamSupport.stream(record.headers().spliterator(), false)
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
