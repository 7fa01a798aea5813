package io.straightedge.ingest.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.ingest.stream.EventRecords;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What is known of experiments and runs as records of {@code tracking}: the latest of each key holds.
 *
 * <pre>
 * experiment/ID    {@link Experiment}
 * run/ID           {@link RunInfo}
 * param/ID/KEY     {"value":...}
 * tag/ID/KEY       {"value":...}, or nothing once it is deleted
 * metrics/ID       {"metrics":[...],"columns":{...}}: the latest value of each metric, now and then, and under which
 *                  name each number that is read has come
 * </pre>
 *
 * Other keys belong to others. All records of one run or experiment are in one partition. Each says which gateway wrote it.
 */
final class TrackingRecords {

    static final String EXPERIMENT = "experiment";
    static final String RUN = "run";
    static final String PARAM = "param";
    static final String TAG = "tag";
    static final String METRICS = "metrics";

    private static final String WRITER = "gateway";

    private final int partitions;
    private final byte[] writer = UUID.randomUUID().toString().getBytes(UTF_8);

    TrackingRecords(int partitions) {
        this.partitions = partitions;
    }

    /** Whether this gateway wrote the record whose headers these are, since it was started. */
    boolean own(Headers headers) {
        Header header = headers.lastHeader(WRITER);
        return header != null && Arrays.equals(header.value(), writer);
    }

    ProducerRecord<byte[], byte[]> experiment(Experiment experiment) {
        return record(experiment.id(), EXPERIMENT + "/" + experiment.id(), Json.write(experiment));
    }

    ProducerRecord<byte[], byte[]> run(RunInfo run) {
        return record(run.id(), RUN + "/" + run.id(), Json.write(run));
    }

    ProducerRecord<byte[], byte[]> param(String run, String key, String value) {
        return record(run, PARAM + "/" + run + "/" + key, Json.write(Map.of("value", value)));
    }

    /** A tag; without a value a deleted one. */
    ProducerRecord<byte[], byte[]> tag(String run, String key, @Nullable String value) {
        return record(run, TAG + "/" + run + "/" + key, value == null ? null : Json.write(Map.of("value", value)));
    }

    ProducerRecord<byte[], byte[]> metrics(String run, Collection<MetricPoint> latest, Map<String, String> columns) {
        List<Map<String, Object>> points =
                latest.stream().map(MetricPoint::json).toList();
        return record(run, METRICS + "/" + run, Json.write(Map.of("metrics", points, "columns", columns)));
    }

    /** An event of a run as a record of {@code training-events}. */
    ProducerRecord<byte[], byte[]> event(TrainingEvent event) {
        return EventRecords.of(event, partitions);
    }

    private ProducerRecord<byte[], byte[]> record(String id, String key, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.TRACKING, Topics.partitionOf(id, partitions), key.getBytes(UTF_8), value);
        record.headers().add(WRITER, writer);
        return record;
    }
}
