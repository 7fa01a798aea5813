package io.straightedge.fitter.stream;

import io.straightedge.protocol.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Keeps what cannot be used, with the bytes as they came and headers that say where they came from and what is wrong. */
final class DeadLetter {

    /** What is wrong, as counted on /metrics. */
    enum Reason {
        /** The record holds no bytes. */
        EMPTY,
        /** The record is larger than an event may be. */
        TOO_LARGE,
        /** Not JSON. */
        MALFORMED,
        /** JSON, but not an event. */
        INVALID,
        /** An event that this version does not carry out. */
        UNSUPPORTED;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private DeadLetter() {}

    /**
     * The dead letter of one event of a record.
     *
     * @param index of the event in the record's array; -1 for the whole record
     */
    static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> source, byte[] bytes, int index, Reason reason, String message) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(Topics.DEAD_LETTERS, source.partition(), source.key(), bytes);
        Headers headers = letter.headers();
        header(headers, "errors.topic", source.topic());
        header(headers, "errors.partition", Integer.toString(source.partition()));
        header(headers, "errors.offset", Long.toString(source.offset()));
        header(headers, "errors.index", Integer.toString(index));
        header(headers, "errors.reason", reason.label());
        header(headers, "errors.message", message);
        return letter;
    }

    /** The label of the reason that a dead letter carries. */
    static String reason(ProducerRecord<byte[], byte[]> letter) {
        Header reason = letter.headers().lastHeader("errors.reason");
        return reason == null ? "unknown" : new String(reason.value(), StandardCharsets.UTF_8);
    }

    private static void header(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
