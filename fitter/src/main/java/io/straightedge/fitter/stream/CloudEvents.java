package io.straightedge.fitter.stream;

import io.straightedge.fitter.state.Emission;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** An emission as a Kafka record; public ones carry CloudEvents 1.0 headers in binary mode. */
final class CloudEvents {

    private CloudEvents() {}

    static ProducerRecord<byte[], byte[]> record(Emission emission, int partition) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                emission.topic(), partition, emission.key().getBytes(StandardCharsets.UTF_8), emission.value());
        if (emission.id() != null && emission.type() != null) {
            Headers headers = record.headers();
            header(headers, "ce_specversion", "1.0");
            header(headers, "ce_id", emission.id());
            header(headers, "ce_source", "/straightedge/fitter");
            header(headers, "ce_type", emission.type());
            header(headers, "ce_subject", emission.key());
            header(headers, "content-type", "application/json");
        }
        return record;
    }

    private static void header(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
