package io.straightedge.ingest.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** MLflow's own Java client, unmodified. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class MlflowClientTest {

    private static final long SEED = 20261124;

    @Test
    void client_everyCall_isServed() {
        try (Gateway gateway = Gateway.fresh();
                MlflowClient client = new MlflowClient(gateway.url())) {
            assertThat(client.getExperimentByName("e")).isEmpty();
            String experiment = client.createExperiment("e");
            assertThat(client.getExperiment(experiment).getName()).isEqualTo("e");
            assertThat(client.getExperimentByName("e").orElseThrow().getExperimentId())
                    .isEqualTo(experiment);
            assertThat(client.getExperiment("0").getName()).isEqualTo("Default");
            RunInfo created = client.createRun(experiment);
            String run = created.getRunId();
            assertThat(run).matches("[a-f0-9]{32}");
            client.logParam(run, "n_params", "124000000");
            client.setTag(run, "k", "v");
            client.logMetric(run, "loss", 2.5, 1795469964838L, 0);
            client.logMetric(run, "loss", Double.NaN, 1700000000000L, 3);
            client.logMetric(run, "loss", Double.POSITIVE_INFINITY, 1700000000000L, 4);
            client.logBatch(
                    run,
                    List.of(metric("loss", 2.25, 5)),
                    List.of(Param.newBuilder().setKey("p").setValue("1").build()),
                    List.of(RunTag.newBuilder().setKey("t").setValue("1").build()));

            Run read = client.getRun(run);
            assertThat(read.getData().getMetricsList()).hasSize(1);
            assertThat(read.getData().getMetrics(0).getValue()).isEqualTo(2.25);
            assertThat(read.getData().getParamsList())
                    .extracting(Param::getKey, Param::getValue)
                    .containsExactlyInAnyOrder(tuple("n_params", "124000000"), tuple("p", "1"));
            assertThat(client.getMetricHistory(run, "loss"))
                    .extracting(Metric::getStep)
                    .containsExactly(0L, 3L, 4L, 5L);
            assertThat(client.getMetricHistory(run, "loss").get(1).getValue()).isNaN();
            client.setTerminated(run, RunStatus.FINISHED);
            client.setTerminated(run, RunStatus.FAILED);
            assertThat(client.getRun(run).getInfo().getStatus()).isEqualTo(RunStatus.FAILED);
            assertThat(client.searchExperiments("").getItems()).hasSize(2);
            assertThat(client.searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 1000)
                            .getItems())
                    .hasSize(1);

            assertThat(gateway.losses())
                    .extracting(LossObservation::loss)
                    .containsExactly(2.5, Double.NaN, Double.POSITIVE_INFINITY, 2.25);
            assertThat(gateway.ofType(RunEnd.class))
                    .extracting(RunEnd::outcome)
                    .containsExactly(Outcome.FINISHED, Outcome.FAILED);
            assertThat(gateway.manifests())
                    .extracting(manifest -> manifest.params())
                    .containsExactly(null, 124e6);
        }
    }

    @Test
    void context_runInExperiment_isServed() {
        try (Gateway gateway = Gateway.fresh();
                MlflowClient client = new MlflowClient(gateway.url())) {
            MlflowContext context = new MlflowContext(client);
            assertThatThrownBy(() -> context.setExperimentName("e")).isInstanceOf(IllegalArgumentException.class);
            client.createExperiment("e");
            context.setExperimentName("e");
            ActiveRun run = context.startRun("nm");
            run.logMetric("loss", 1.0, 1);
            run.logMetrics(Map.of("a", 1.0, "b", 2.0), 2);
            run.logParam("a", "b");
            run.endRun();
            assertThat(gateway.losses()).extracting(LossObservation::run).containsExactly("nm");
            assertThat(gateway.losses()).extracting(LossObservation::study).containsExactly("e");
        }
    }

    @Test
    void client_unknownRun_failsWithoutHanging() {
        try (Gateway gateway = Gateway.fresh();
                MlflowClient client = new MlflowClient(gateway.url())) {
            assertThatThrownBy(() -> client.logMetric("f".repeat(32), "loss", 1, 1, 1))
                    .hasMessageContaining("RESOURCE_DOES_NOT_EXIST");
        }
    }

    /** One in ten requests meets a fault, before or after it has been carried out. */
    @Test
    void client_thousandStepsThroughFaults_eachStepArrivesOnce() {
        Faults faults = new Faults(new Random(SEED));
        try (Gateway gateway = new Gateway(new CopyOnWriteArrayList<>(), faults);
                MlflowClient client = new MlflowClient(gateway.url())) {
            gateway.catchUp();
            gateway.writer = faults.cutting(gateway.writer);
            String run = client.createRun("0").getRunId();
            faults.on = true;
            for (int step = 1; step <= 1000; step++) {
                long at = 1795469964838L + step;
                double loss = 3 + 1.0 / step;
                int now = step;
                persistently(() -> client.logMetric(run, "loss", loss, at, now));
            }
            faults.on = false;
            client.setTerminated(run);
            assertThat(gateway.losses())
                    .extracting(LossObservation::step)
                    .as("seed " + SEED)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 1000).boxed().toList());
            assertThat(faults.seen).hasSize(Fault.values().length);
        }
    }

    /** What is left of a job's own care once the client has given up. */
    private static void persistently(Runnable call) {
        RuntimeException last = null;
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                call.run();
                return;
            } catch (RuntimeException e) {
                last = e;
            }
        }
        throw new AssertionError("given up", last);
    }

    private static Metric metric(String key, double value, long step) {
        return Metric.newBuilder()
                .setKey(key)
                .setValue(value)
                .setTimestamp(1700000000001L)
                .setStep(step)
                .build();
    }

    private enum Fault {
        TOO_MANY,
        UNAVAILABLE,
        DROPPED_BEFORE,
        DROPPED_AFTER,
        SILENT
    }

    private static final List<Fault> OFTEN =
            List.of(Fault.UNAVAILABLE, Fault.DROPPED_BEFORE, Fault.DROPPED_AFTER, Fault.SILENT);

    /** Breaks some requests. */
    private static final class Faults implements Gateway.Front {
        private final Random random;
        private final List<Fault> seen = new ArrayList<>();
        private volatile boolean on;
        private volatile @Nullable HttpServerRequest cutOnceStored;

        Faults(Random random) {
            this.random = random;
        }

        @Override
        public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response, HttpServerRoutes routes) {
            cutOnceStored = null;
            Fault fault = next();
            if (fault == null) {
                return routes.apply(request, response);
            }
            return switch (fault) {
                case TOO_MANY ->
                    request.receive()
                            .then(response.status(429)
                                    .header("Content-Length", "0")
                                    .send());
                case UNAVAILABLE ->
                    request.receive()
                            .then(response.status(503)
                                    .sendString(Mono.just("{}"))
                                    .then());
                case DROPPED_BEFORE -> Mono.fromRunnable(() -> cut(request));
                case DROPPED_AFTER -> {
                    cutOnceStored = request;
                    yield routes.apply(request, response);
                }
                case SILENT ->
                    Mono.delay(Duration.ofMillis(100))
                            .doOnNext(tick -> cut(request))
                            .then();
            };
        }

        /** Stores the records, then cuts the connection of the request that is to lose its answer. */
        RecordWriter cutting(RecordWriter writer) {
            return records -> writer.write(records).then(Mono.fromRunnable(() -> {
                HttpServerRequest request = cutOnceStored;
                if (request != null) {
                    cut(request);
                }
            }));
        }

        private static void cut(HttpServerRequest request) {
            request.withConnection(DisposableChannel::dispose);
        }

        private synchronized @Nullable Fault next() {
            // A 429 costs the client a second of patience: rarer than the others, so that the test stays short.
            double dice = on ? random.nextDouble() : 1;
            Fault fault = dice < 0.005 ? Fault.TOO_MANY : dice < 0.1 ? OFTEN.get(random.nextInt(OFTEN.size())) : null;
            if (fault != null && !seen.contains(fault)) {
                seen.add(fault);
            }
            return fault;
        }
    }
}
