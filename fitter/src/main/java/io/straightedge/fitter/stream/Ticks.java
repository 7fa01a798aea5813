package io.straightedge.fitter.stream;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.Phase;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.Tick;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The time, for the log: one record for each partition that is live here. */
final class Ticks {

    private Ticks() {}

    static List<ProducerRecord<byte[], byte[]>> records(ExactlyOnce.Status status, Instant now) {
        TrainingEvent tick = new Tick(now);
        byte[] value = Json.write(tick);
        return status.phases().entrySet().stream()
                .filter(entry -> entry.getValue() == Phase.LIVE)
                .map(entry -> new ProducerRecord<byte[], byte[]>(Topics.TRAINING_EVENTS, entry.getKey(), null, value))
                .toList();
    }
}
