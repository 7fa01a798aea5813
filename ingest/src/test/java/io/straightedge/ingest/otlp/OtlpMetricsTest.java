package io.straightedge.ingest.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.straightedge.protocol.run.LossObservation;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Requests written by OpenTelemetry's own generated classes, and by hand in JSON. */
final class OtlpMetricsTest {

    private static final long T = 1_795_469_965_000_000_000L;

    @Test
    void read_stepAsAttribute_isTheLossesStep() throws OtlpException {
        OtlpMetrics metrics = protobuf(
                gauge("megatron.training.loss", point(2.5, T).addAttributes(attribute("step", 120))),
                gauge("megatron.training.learning_rate", point(3e-4, T).addAttributes(attribute("step", 120))),
                gauge("megatron.training.grad_norm", point(.5, T)));
        assertThat(metrics.events())
                .containsExactly(new LossObservation(
                        "7b",
                        "r1",
                        120,
                        null,
                        2.5,
                        "train",
                        3e-4,
                        null,
                        null,
                        Instant.ofEpochSecond(1_795_469_965L),
                        null));
        assertThat(metrics.rejected()).isEmpty();
    }

    @Test
    void read_stepAsSeries_isPairedByTime() throws OtlpException {
        OtlpMetrics metrics = protobuf(
                gauge("loss", point(2.5, T), point(2.4, T + 1_000)),
                gauge("grad_norm", point(.5, T)),
                gauge("step", whole(10, T), whole(20, T + 1_000)),
                sum("tokens_seen", AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, point(4096, T)));
        assertThat(metrics.events()).extracting(LossObservation::step).containsExactly(10L, 20L);
        assertThat(metrics.events()).extracting(LossObservation::gradNorm).containsExactly(.5, null);
        assertThat(metrics.events()).extracting(LossObservation::tokens).containsExactly(4096., null);
    }

    @Test
    void read_whatIsNoLoss_isCountedAndIgnored() throws OtlpException {
        OtlpMetrics metrics = protobuf(
                gauge("gpu.temperature", point(60, T)),
                sum("loss", AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA, point(1, T)),
                gauge("loss", point(2, T).setFlags(1), point(Double.longBitsToDouble(0x7ff0000000000002L), T)),
                Metric.newBuilder()
                        .setName("step_duration")
                        .setHistogram(Histogram.newBuilder()
                                .addDataPoints(HistogramDataPoint.newBuilder().setCount(3)))
                        .build());
        assertThat(metrics.events()).isEmpty();
        assertThat(metrics.ignored()).isEqualTo(Map.of("other", 1, "delta", 1, "stale", 2, "histogram", 1));
        assertThat(metrics.rejectedPoints()).isZero();
    }

    @Test
    void read_nanLoss_isALoss() throws OtlpException {
        assertThat(protobuf(gauge("loss", point(Double.NaN, T)), gauge("step", whole(3, T)))
                        .events())
                .singleElement()
                .satisfies(event -> assertThat(event.loss()).isNaN());
    }

    @Test
    void read_lossWithoutStepOrRun_isRejectedInWords() throws OtlpException {
        OtlpMetrics stepless = protobuf(gauge("loss", point(2, T)));
        assertThat(stepless.rejected()).isEqualTo(Map.of("no-step", 1));
        assertThat(stepless.firstRejection()).contains("attribute \"step\"");
        ExportMetricsServiceRequest nameless =
                request(Resource.getDefaultInstance(), gauge("loss", point(2, T).addAttributes(attribute("step", 1))));
        OtlpMetrics metrics = OtlpMetrics.read(nameless.toByteArray(), false);
        assertThat(metrics.rejected()).isEqualTo(Map.of("no-run", 1));
        assertThat(metrics.firstRejection()).contains("straightedge.run");
    }

    @Test
    void read_aSeriesOfEachRank_givesOneLoss() throws OtlpException {
        OtlpMetrics metrics = protobuf(gauge(
                "loss",
                point(2.5, T).addAttributes(attribute("step", 1)).addAttributes(attribute("rank", 0)),
                point(2.6, T).addAttributes(attribute("step", 1)).addAttributes(attribute("rank", 1))));
        assertThat(metrics.events()).extracting(LossObservation::loss).containsExactly(2.5);
        assertThat(metrics.ignored()).containsEntry("another-series", 1);
    }

    @Test
    void read_json_isTheSame() throws OtlpException {
        String json = """
                {"resourceMetrics":[{"resource":{"attributes":[
                    {"key":"service.name","value":{"stringValue":"7b"}},
                    {"key":"straightedge.run","value":{"stringValue":"r1"}}]},
                  "scopeMetrics":[{"metrics":[
                    {"name":"loss","unit":"1","gauge":{"dataPoints":[
                      {"timeUnixNano":"1795469965000000000","asDouble":2.5,
                       "attributes":[{"key":"step","value":{"intValue":"120"}}]},
                      {"timeUnixNano":1795469966000000000,"asDouble":"NaN",
                       "attributes":[{"key":"step","value":{"intValue":121}}]}]}},
                    {"name":"seen","sum":{"aggregationTemporality":1,"dataPoints":[{"asInt":"5"}]}}]}]}],
                 "unknown":{}}
                """;
        OtlpMetrics metrics = OtlpMetrics.read(json.getBytes(UTF_8), true);
        assertThat(metrics.events()).extracting(LossObservation::step).containsExactly(120L, 121L);
        assertThat(metrics.events().get(1).loss()).isNaN();
        assertThat(metrics.events().get(0).time()).isEqualTo(Instant.ofEpochSecond(1_795_469_965L));
        assertThat(metrics.ignored()).isEqualTo(Map.of("delta", 1));
    }

    @Test
    void read_resourceAfterItsPoints_isTheirs() throws OtlpException {
        ExportMetricsServiceRequest whole =
                request(resource(), gauge("loss", point(2, T).addAttributes(attribute("step", 1))));
        ResourceMetrics metrics = whole.getResourceMetrics(0);
        ByteString scope = metrics.toBuilder().clearResource().build().toByteString();
        ByteString resource =
                ResourceMetrics.newBuilder().setResource(resource()).build().toByteString();
        ByteString body = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.getDefaultInstance())
                .build()
                .toByteString()
                .substring(0, 1);
        ByteString swapped = scope.concat(resource);
        byte[] bytes = body.concat(ByteString.copyFrom(
                        new byte[] {(byte) ((swapped.size() & 0x7f) | 0x80), (byte) (swapped.size() >> 7)}))
                .concat(swapped)
                .toByteArray();
        assertThat(OtlpMetrics.read(bytes, false).events()).hasSize(1);
    }

    @Test
    void read_garbage_isRefusedOrIgnoredNeverABug() {
        byte[] good = request(
                        resource(),
                        gauge("loss", point(2, T).addAttributes(attribute("step", 1))),
                        sum("tokens", AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, point(1, T)))
                .toByteArray();
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = good.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            broken = Arrays.copyOf(broken, random.nextInt(broken.length + 1));
            try {
                OtlpMetrics.read(broken, random.nextBoolean());
            } catch (OtlpException e) {
                assertThat(e).hasMessageContaining("the ");
            }
        }
    }

    @Test
    void read_tooManyPoints_isRefused() {
        NumberDataPoint.Builder[] points = new NumberDataPoint.Builder[Samples.MAX_POINTS + 1];
        Arrays.setAll(points, i -> point(1, T));
        byte[] body = request(resource(), gauge("x", points)).toByteArray();
        assertThatThrownBy(() -> OtlpMetrics.read(body, false))
                .isInstanceOf(OtlpException.class)
                .hasMessageContaining("20000");
    }

    private static OtlpMetrics protobuf(Metric... metrics) throws OtlpException {
        return OtlpMetrics.read(request(resource(), metrics).toByteArray(), false);
    }

    private static ExportMetricsServiceRequest request(Resource resource, Metric... metrics) {
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(resource)
                        .addScopeMetrics(ScopeMetrics.newBuilder().addAllMetrics(List.of(metrics))))
                .build();
    }

    private static Resource resource() {
        return Resource.newBuilder()
                .addAttributes(attribute("service.name", "7b"))
                .addAttributes(attribute("service.instance.id", "r1"))
                .build();
    }

    private static Metric gauge(String name, NumberDataPoint.Builder... points) {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (NumberDataPoint.Builder point : points) {
            gauge.addDataPoints(point);
        }
        return Metric.newBuilder().setName(name).setGauge(gauge).build();
    }

    private static Metric sum(String name, AggregationTemporality temporality, NumberDataPoint.Builder point) {
        return Metric.newBuilder()
                .setName(name)
                .setSum(Sum.newBuilder().addDataPoints(point).setAggregationTemporality(temporality))
                .build();
    }

    private static NumberDataPoint.Builder point(double value, long nanos) {
        return NumberDataPoint.newBuilder().setAsDouble(value).setTimeUnixNano(nanos);
    }

    private static NumberDataPoint.Builder whole(long value, long nanos) {
        return NumberDataPoint.newBuilder().setAsInt(value).setTimeUnixNano(nanos);
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue attribute(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
