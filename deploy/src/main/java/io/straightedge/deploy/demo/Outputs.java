package io.straightedge.deploy.demo;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.law.SurfaceLaw;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import reactor.core.publisher.Mono;

/** What the stages have said so far, read from their topics as any consumer would. */
final class Outputs {

    private static final List<String> TOPICS = List.of(
            Topics.CURVE_ESTIMATES,
            Topics.LAW_ESTIMATES,
            Topics.DEVIATIONS,
            Topics.FORECAST_SCORES,
            Topics.PREDICTIONS,
            Topics.RECOMMENDATIONS,
            Topics.DEAD_LETTERS);

    final Map<String, CurveEstimate> curves = new LinkedHashMap<>();
    final Map<String, LawEstimate> laws = new LinkedHashMap<>();
    final Map<String, ForecastScore> scores = new LinkedHashMap<>();
    final Map<String, Recommendation> recommendations = new LinkedHashMap<>();
    final Map<String, Prediction> predictions = new LinkedHashMap<>();
    final List<Deviation> deviations = new ArrayList<>();
    long deadLetters;

    private Outputs() {}

    /** All that is there now. */
    static Mono<Outputs> read(KafkaSettings kafka) {
        return Tail.follow(kafka, TOPICS)
                .takeUntil(Tail.Chunk::caughtUp)
                .collect(Outputs::new, (outputs, chunk) -> chunk.records().forEach(outputs::take));
    }

    /** Events of all studies that have been worked on, as the estimates themselves count them. */
    long sequences() {
        Map<String, Long> latest = new HashMap<>();
        curves.values().forEach(curve -> latest.merge(curve.study(), curve.sequence(), Math::max));
        laws.values().forEach(law -> latest.merge(law.study(), law.sequence(), Math::max));
        return latest.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether the publisher has said something about the latest of what the fitter has. */
    boolean published() {
        boolean predicted = curves.values().stream()
                .filter(curve -> curve.finalLoss() != null)
                .allMatch(curve -> {
                    Prediction prediction = predictions.get(curve.key());
                    return prediction != null && prediction.id().contains(curve.id());
                });
        return predicted
                && laws.values().stream()
                        .filter(law -> law.law() instanceof SurfaceLaw)
                        .allMatch(law -> law.budgetsFlops().stream().allMatch(budget -> {
                            Recommendation made = recommendations.get(law.study() + "/" + budget);
                            return made != null && byOne(made, law.study());
                        }));
    }

    /**
     * Whether the recommendation is by the latest of one of the study's laws: which one speaks is the publisher's to
     * say.
     */
    private boolean byOne(Recommendation made, String study) {
        return laws.values().stream()
                .anyMatch(law -> law.study().equals(study) && made.id().contains(law.id()));
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            switch (record.topic()) {
                case Topics.CURVE_ESTIMATES -> put(record, curves, CurveEstimate.class);
                case Topics.LAW_ESTIMATES -> put(record, laws, LawEstimate.class);
                case Topics.FORECAST_SCORES -> score(record);
                case Topics.PREDICTIONS -> put(record, predictions, Prediction.class);
                case Topics.RECOMMENDATIONS -> put(record, recommendations, Recommendation.class);
                case Topics.DEVIATIONS -> deviations.add(Json.read(record.value(), Deviation.class));
                case Topics.DEAD_LETTERS -> deadLetters++;
                default -> throw new IllegalStateException("topic " + record.topic() + " was not asked for");
            }
        } catch (MessageException e) {
            throw new IllegalStateException("a record on " + record.topic() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Scores of runs; the track records of studies, on the same topic, have no run. */
    private void score(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        if (record.value() == null || Json.has(record.value(), "run")) {
            put(record, scores, ForecastScore.class);
        }
    }

    private static <T> void put(ConsumerRecord<byte[], byte[]> record, Map<String, T> latest, Class<T> type)
            throws MessageException {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            latest.remove(key);
        } else {
            latest.put(key, Json.read(record.value(), type));
        }
    }
}
