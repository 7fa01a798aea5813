package io.straightedge.ingest.http;

import com.google.protobuf.CodedOutputStream;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.straightedge.ingest.otlp.OtlpException;
import io.straightedge.ingest.otlp.OtlpMetrics;
import io.straightedge.ingest.stream.EventRecords;
import io.straightedge.protocol.access.Allowance;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.RecordWriter.BusyException;
import io.straightedge.protocol.run.LossObservation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * {@code POST /v1/metrics}: OTLP/HTTP, protobuf or JSON, plain or gzip. Losses are stored before the answer; whatever
 * else a job exports is counted and ignored.
 *
 * <p>Losses that cannot be used are told as {@code partial_success}, so that the exporter logs why; 429 and 503 are what
 * exporters retry.
 */
public final class OtlpRoutes {

    /** Where OTLP exporters post metrics. */
    public static final String PATH = "/v1/metrics";

    private static final Logger log = LoggerFactory.getLogger(OtlpRoutes.class);

    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";

    /** Codes of {@code google.rpc.Status}. */
    private static final int INVALID_ARGUMENT = 3;

    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNAVAILABLE = 14;

    private final RecordWriter writer;
    private final int partitions;
    private final MeterRegistry meters;
    private final Limits limits;
    private final Series series = new Series();
    private final NotStored notStored = new NotStored(log, "OTLP metrics");

    private OtlpRoutes(RecordWriter writer, int partitions, MeterRegistry meters, Limits limits) {
        this.writer = writer;
        this.partitions = partitions;
        this.meters = meters;
        this.limits = limits;
    }

    /** The route, to be added to the one server. */
    public static Consumer<HttpServerRoutes> routes(
            RecordWriter writer, int partitions, MeterRegistry meters, Limits limits) {
        OtlpRoutes otlp = new OtlpRoutes(writer, partitions, meters, limits);
        return routes -> routes.post(PATH, otlp::post);
    }

    private Mono<Void> post(HttpServerRequest request, HttpServerResponse response) {
        String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE);
        boolean json = type != null && Head.bare(type).equals(JSON);
        Flux<byte[]> body = request.receive().asByteArray();
        return Mono.fromCallable(() -> Head.gzip(request.requestHeaders(), Set.of(PROTOBUF, JSON), limits))
                .onErrorResume(Refusal.class, refusal -> Body.drop(body, limits).then(Mono.error(refusal)))
                .flatMap(gzip -> Body.collect(body, limits)
                        .publishOn(Schedulers.parallel())
                        .flatMap(bytes -> read(gzip ? Body.inflate(bytes, limits) : bytes, json)))
                .flatMap(this::store)
                .map(metrics -> json ? successJson(metrics) : successProtobuf(metrics))
                .flatMap(answer -> send(response, 200, json, answer, null))
                .onErrorResume(cause -> refuse(response, json, cause));
    }

    private static Mono<OtlpMetrics> read(byte[] body, boolean json) {
        return Mono.fromCallable(() -> OtlpMetrics.read(body, json));
    }

    private Mono<OtlpMetrics> store(OtlpMetrics read) {
        return Mono.deferContextual(context -> {
            Caller caller = Caller.of(context);
            read.events().forEach(event -> permit(caller, event));
            OtlpMetrics metrics = read.without("series", series::objection);
            List<ProducerRecord<byte[], byte[]>> records = metrics.events().stream()
                    .map(event -> EventRecords.of(event, partitions))
                    .toList();
            Points.take(Allowance.of(context), records.size());
            metrics.ignored().forEach((reason, points) -> count("ignored", reason, points));
            metrics.rejected().forEach((reason, points) -> count("rejected", reason, points));
            return writer.write(records).timeout(limits.storeDeadline()).then(Mono.fromSupplier(() -> {
                count("accepted", "loss", records.size());
                return metrics;
            }));
        });
    }

    private static void permit(Caller caller, LossObservation event) {
        if (!caller.may(Scope.INGEST, event.study())) {
            throw new Refusal(403, "this token may not send to study " + event.study());
        }
    }

    private void count(String result, String reason, int points) {
        meters.counter("straightedge.otlp.points", "result", result, "reason", reason)
                .increment(points);
    }

    private Mono<Void> refuse(HttpServerResponse response, boolean json, Throwable cause) {
        if (cause instanceof OtlpException) {
            return refuse(response, json, 400, INVALID_ARGUMENT, String.valueOf(cause.getMessage()), null);
        }
        if (cause instanceof Refusal refusal) {
            int code = switch (refusal.status()) {
                case 403 -> PERMISSION_DENIED;
                case 429 -> RESOURCE_EXHAUSTED;
                default -> INVALID_ARGUMENT;
            };
            String message = String.valueOf(refusal.getMessage());
            return refuse(response, json, refusal.status(), code, message, refusal.retryAfterSeconds());
        }
        if (cause instanceof BusyException) {
            String message = "too much is waiting for Kafka: nothing of this was taken";
            return refuse(response, json, 429, UNAVAILABLE, message, EventRoutes.BUSY_RETRY_SECONDS);
        }
        if (cause instanceof AbortedException) {
            // The sender has gone: there is nobody to answer.
            return Mono.empty();
        }
        notStored.because(cause);
        String message = "Kafka did not store the metrics: send them again";
        return refuse(response, json, 503, UNAVAILABLE, message, EventRoutes.KAFKA_RETRY_SECONDS);
    }

    private Mono<Void> refuse(
            HttpServerResponse response,
            boolean json,
            int status,
            int code,
            String message,
            @Nullable Integer retryAfterSeconds) {
        meters.counter("straightedge.ingest.requests.refused", "status", Integer.toString(status))
                .increment();
        byte[] body = json ? Json.write(Map.of("code", code, "message", message)) : statusProtobuf(code, message);
        return send(response, status, json, body, retryAfterSeconds);
    }

    private static Mono<Void> send(
            HttpServerResponse response, int status, boolean json, byte[] body, @Nullable Integer retryAfterSeconds) {
        response.status(status).header(HttpHeaderNames.CONTENT_TYPE, json ? JSON : PROTOBUF);
        if (retryAfterSeconds != null) {
            response.header(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds.toString());
        }
        if (status == 408 || status == 413) {
            response.keepAlive(false);
        }
        return response.sendByteArray(Mono.just(body)).then();
    }

    /** An {@code ExportMetricsServiceResponse}; empty unless something was rejected. */
    private static byte[] successJson(OtlpMetrics metrics) {
        Map<String, Object> partial = new LinkedHashMap<>();
        if (metrics.rejectedPoints() > 0) {
            partial.put("rejectedDataPoints", Integer.toString(metrics.rejectedPoints()));
            partial.put("errorMessage", String.valueOf(metrics.firstRejection()));
        }
        return Json.write(partial.isEmpty() ? Map.of() : Map.of("partialSuccess", partial));
    }

    private static byte[] successProtobuf(OtlpMetrics metrics) {
        if (metrics.rejectedPoints() == 0) {
            return new byte[0];
        }
        byte[] partial = message(out -> {
            out.writeInt64(1, metrics.rejectedPoints());
            out.writeString(2, String.valueOf(metrics.firstRejection()));
        });
        return message(out -> out.writeByteArray(1, partial));
    }

    /** A {@code google.rpc.Status}. */
    private static byte[] statusProtobuf(int code, String message) {
        return message(out -> {
            out.writeInt32(1, code);
            out.writeString(2, message);
        });
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
