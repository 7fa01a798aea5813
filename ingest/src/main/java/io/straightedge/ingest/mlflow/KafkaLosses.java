package io.straightedge.ingest.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.PartitionRead;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Losses read from the partition of {@code training-events} that the study lives in. */
public final class KafkaLosses implements LossHistory {

    private final KafkaSettings kafka;
    private final int partitions;

    public KafkaLosses(KafkaSettings kafka, int partitions) {
        this.kafka = kafka;
        this.partitions = partitions;
    }

    @Override
    public Flux<LossObservation> losses(String study, String run) {
        byte[] key = study.getBytes(UTF_8);
        return PartitionRead.all(kafka, Topics.TRAINING_EVENTS, Topics.partitionOf(study, partitions))
                .filter(record -> Arrays.equals(record.key(), key) && record.value() != null)
                .mapNotNull(record -> loss(record.value(), run));
    }

    private static @Nullable LossObservation loss(byte[] value, String run) {
        try {
            return Json.event(Json.tree(value)) instanceof LossObservation loss
                            && loss.run().equals(run)
                    ? loss
                    : null;
        } catch (MessageException e) {
            // The fitter has it among its dead letters.
            return null;
        }
    }
}
