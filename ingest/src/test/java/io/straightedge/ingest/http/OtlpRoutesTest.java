package io.straightedge.ingest.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.run.LossObservation;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;

final class OtlpRoutesTest {

    private static final String PROTOBUF = "application/x-protobuf";

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ProducerRecord<byte[], byte[]>> written = new CopyOnWriteArrayList<>();
    private volatile RecordWriter writer = records -> Mono.fromRunnable(() -> written.addAll(records));
    private volatile Caller caller = Caller.ANYONE;
    private DisposableServer server;

    @BeforeEach
    void start() {
        HttpServerRoutes routes = HttpServerRoutes.newRoutes();
        OtlpRoutes.routes(records -> writer.write(records), 12, new SimpleMeterRegistry(), Limits.DEFAULT)
                .accept(routes);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> Flux.from(routes.apply(request, response))
                        .contextWrite(context -> context.put(Caller.class, caller)))
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void post_gzipProtobuf_isStoredAndAnsweredInKind() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body(7, 2.5));
        }
        HttpResponse<byte[]> response = post(PROTOBUF, packed.toByteArray(), "content-encoding", "gzip");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
        assertThat(ExportMetricsServiceResponse.parseFrom(response.body()).hasPartialSuccess())
                .isFalse();
        assertThat(written).singleElement().satisfies(record -> {
            LossObservation loss = (LossObservation) Json.event(Json.tree(record.value()));
            assertThat(loss.study()).isEqualTo("7b");
            assertThat(loss.step()).isEqualTo(7);
            assertThat(loss.loss()).isEqualTo(2.5);
        });
    }

    @Test
    void post_lossWithoutStep_isPartialSuccess() throws Exception {
        HttpResponse<byte[]> response = post(PROTOBUF, body(-1, 2.5));
        ExportMetricsServiceResponse answer = ExportMetricsServiceResponse.parseFrom(response.body());
        assertThat(answer.getPartialSuccess().getRejectedDataPoints()).isEqualTo(1);
        assertThat(answer.getPartialSuccess().getErrorMessage()).contains("has no step");
        assertThat(written).isEmpty();
    }

    @Test
    void post_json_isAnsweredInJson() throws Exception {
        HttpResponse<byte[]> response = post("application/json", "{\"resourceMetrics\":[]}".getBytes(UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), UTF_8)).isEqualTo("{}");
    }

    @Test
    void post_whatIsNoRequest_isRefused() throws Exception {
        assertThat(post(PROTOBUF, new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
        assertThat(post("application/json", "[1]".getBytes(UTF_8)).statusCode()).isEqualTo(400);
        assertThat(post("text/plain", body(1, 2)).statusCode()).isEqualTo(415);
    }

    @Test
    void post_anothersStudy_isForbiddenAndNothingStored() throws Exception {
        caller = new Caller("c", Map.of(Scope.INGEST, Set.of("other*")));
        HttpResponse<byte[]> response = post(PROTOBUF, body(1, 2));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(new String(response.body(), UTF_8)).contains("may not send to study 7b");
        assertThat(written).isEmpty();
    }

    @Test
    void post_kafkaBusyOrAway_asksToComeAgain() throws Exception {
        writer = records -> Mono.error(new RecordWriter.BusyException("full"));
        HttpResponse<byte[]> busy = post(PROTOBUF, body(1, 2));
        assertThat(busy.statusCode()).isEqualTo(429);
        assertThat(busy.headers().firstValue("retry-after")).hasValue("1");
        writer = records -> Mono.error(new IllegalStateException("away"));
        HttpResponse<byte[]> away = post(PROTOBUF, body(1, 2));
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("retry-after")).hasValue("5");
    }

    private HttpResponse<byte[]> post(String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + OtlpRoutes.PATH))
                .header("content-type", type)
                .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** A loss of run r in study 7b at that step; without a step when it is negative. */
    private static byte[] body(long step, double loss) {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder().setAsDouble(loss);
        if (step >= 0) {
            point.addAttributes(KeyValue.newBuilder()
                    .setKey("step")
                    .setValue(AnyValue.newBuilder().setIntValue(step)));
        }
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(text("service.name", "7b"))
                                .addAttributes(text("straightedge.run", "r")))
                        .addScopeMetrics(ScopeMetrics.newBuilder()
                                .addMetrics(Metric.newBuilder()
                                        .setName("loss")
                                        .setGauge(Gauge.newBuilder().addDataPoints(point)))))
                .build()
                .toByteArray();
    }

    private static KeyValue.Builder text(String key, String value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value));
    }
}
