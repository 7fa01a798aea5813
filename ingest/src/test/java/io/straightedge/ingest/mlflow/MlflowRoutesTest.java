package io.straightedge.ingest.mlflow;

import static io.straightedge.ingest.mlflow.Bodies.assertRefused;
import static io.straightedge.ingest.mlflow.Bodies.batch;
import static io.straightedge.ingest.mlflow.Bodies.many;
import static io.straightedge.ingest.mlflow.Bodies.metrics;
import static io.straightedge.ingest.mlflow.Bodies.params;
import static io.straightedge.ingest.mlflow.Bodies.row;
import static io.straightedge.ingest.mlflow.Bodies.tag;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The routes over HTTP, with the bodies that Python's client and the Hugging Face Trainer send. */
@Timeout(30)
final class MlflowRoutesTest {

    private static final String LOSS =
            "{\"run_uuid\":\"%1$s\",\"run_id\":\"%1$s\",\"key\":\"loss\",\"value\":2.5,\"timestamp\":1795469965619,\"step\":10}";

    private Gateway gateway = Gateway.fresh();

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** What {@code MLFLOW_TRACKING_URI} alone makes the Hugging Face Trainer send, in its order. */
    @Test
    void transcript_huggingFace_becomesManifestLossesAndEnd() {
        assertThat(gateway.get("/experiments/get-by-name?experiment_name=ladder")
                        .statusCode())
                .isEqualTo(404);
        String experiment = gateway.good(
                        "/experiments/create", "{\"name\":\"ladder\",\"artifact_location\":null,\"tags\":[]}")
                .get("experiment_id")
                .asText();
        String run = gateway.good(
                        "/runs/create",
                        "{\"experiment_id\":\"" + experiment
                                + "\",\"user_id\":\"me\",\"run_name\":\"out\",\"start_time\":1795469964679,"
                                + "\"tags\":[{\"key\":\"mlflow.user\",\"value\":\"me\"},{\"key\":\"mlflow.runName\",\"value\":\"out\"}]}")
                .at("/run/info/run_id")
                .asText();
        gateway.good(
                "/runs/log-batch",
                batch(
                        run,
                        "[]",
                        params(
                                "model_type=gpt2 n_embd=768 n_layer=12 n_head=12 vocab_size=50257 n_positions=1024 n_inner=None"
                                        + " tie_word_embeddings=True learning_rate=0.0003 lr_scheduler_type=cosine warmup_steps=100"
                                        + " warmup_ratio=0.0 max_steps=2000 per_device_train_batch_size=8"
                                        + " gradient_accumulation_steps=4 optim=adamw_torch weight_decay=0.1")));
        gateway.good("/runs/log-batch", batch(run, "[]", params("logging_nan_inf_filter=True seed=42")));
        gateway.good("/runs/log-batch", batch(run, row(10, 7.25, "\"NaN\""), "[]"));
        gateway.good("/runs/log-batch", batch(run, row(20, 6.5, "1.25"), "[]"));
        gateway.good("/runs/log-batch", batch(run, metrics("eval_loss=6.25 eval_runtime=3.5 epoch=0.1", 20), "[]"));
        gateway.good(
                "/runs/log-batch",
                batch(run, metrics("train_runtime=12.5 train_loss=6.9 total_flos=1e15 epoch=0.1", 20), "[]"));
        gateway.good(
                "/runs/update",
                "{\"run_uuid\":\"" + run + "\",\"run_id\":\"" + run
                        + "\",\"status\":\"FINISHED\",\"end_time\":1795469965130}");

        assertThat(gateway.manifests()).hasSize(2);
        RunManifest manifest = gateway.manifests().get(1);
        assertThat(manifest.study()).isEqualTo("ladder");
        assertThat(manifest.run()).isEqualTo("out");
        assertThat(manifest.params()).isEqualTo(124_439_808);
        assertThat(manifest.plannedSteps()).isEqualTo(2000);
        assertThat(manifest.tokensPerStep()).as("nobody says how many workers").isNull();
        assertThat(Objects.requireNonNull(manifest.schedule()).peak()).isEqualTo(3e-4);
        assertThat(manifest.optimizer()).isEqualTo("adamw_torch");
        List<LossObservation> losses = gateway.losses();
        assertThat(losses).extracting(LossObservation::step).containsExactly(10L, 20L, 20L);
        assertThat(losses).extracting(LossObservation::split).containsExactly("train", "train", "val");
        assertThat(losses).extracting(LossObservation::lr).containsExactly(3e-4, 3e-4, 3e-4);
        assertThat(losses.get(0).gradNorm()).isNaN();
        assertThat(gateway.ofType(RunEnd.class)).extracting(RunEnd::outcome).containsExactly(Outcome.FINISHED);
    }

    @Test
    void tag_straightedge_overridesAndTellsOnce() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-batch", batch(run, "[]", params("num_parameters=1000 max_steps=10")));
        gateway.good("/runs/set-tag", tag(run, "straightedge.params", "2e9"));
        gateway.good("/runs/set-tag", tag(run, "straightedge.params", "2e9"));
        gateway.good("/runs/set-tag", tag(run, "mlflow.note.content", "nothing that matters"));
        assertThat(gateway.manifests()).extracting(RunManifest::params).containsExactly(null, 1000.0, 2e9);
        HttpResponse<String> bad = gateway.post("/runs/set-tag", tag(run, "straightedge.plannedSteps", "soon"));
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("INVALID_PARAMETER_VALUE", "straightedge.plannedSteps is soon");
        gateway.good("/runs/set-tag", tag(run, "straightedge.metric.loss", "my_loss"));
        gateway.good("/runs/log-batch", batch(run, metrics("my_loss=3.5 loss=9.5", 1), "[]"));
        assertThat(gateway.losses()).extracting(LossObservation::loss).containsExactly(3.5);
    }

    @Test
    void logMetric_lossAlone_takesWhatCameForItsStep() {
        String run = gateway.run("s", "r");
        for (String pair : List.of("learning_rate=0.001", "num_input_tokens_seen=4096", "loss=3.5")) {
            String[] halves = pair.split("=", 2);
            gateway.good(
                    "/runs/log-metric",
                    "{\"run_id\":\"" + run + "\",\"key\":\"" + halves[0] + "\",\"value\":" + halves[1]
                            + ",\"timestamp\":\"1\",\"step\":\"7\"}");
        }
        assertThat(gateway.losses())
                .containsExactly(new LossObservation(
                        "s", "r", 7, 4096.0, 3.5, "train", 0.001, null, null, Instant.ofEpochMilli(1), null));
    }

    @Test
    void logMetric_sentAgain_isStoredOnce() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-metric", LOSS.formatted(run));
        gateway.good("/runs/log-metric", LOSS.formatted(run));
        gateway.good("/runs/log-metric", LOSS.formatted(run).replace("\"step\":10", "\"step\":11"));
        assertThat(gateway.losses()).hasSize(2);
    }

    @Test
    void logMetric_sentAgainWhileOnItsWay_waitsForTheSameOutcome() throws Exception {
        String run = gateway.run("s", "r");
        Sinks.Empty<Void> stored = Sinks.empty();
        CountDownLatch asked = new CountDownLatch(1);
        List<Integer> writes = new CopyOnWriteArrayList<>();
        RecordWriter before = gateway.writer;
        gateway.writer = records -> {
            writes.add(records.size());
            asked.countDown();
            return stored.asMono().then(before.write(records));
        };
        CompletableFuture<HttpResponse<String>> first = async(LOSS.formatted(run));
        assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<HttpResponse<String>> second = async(LOSS.formatted(run));
        gateway.good("/experiments/search", "{\"max_results\":\"10\"}");
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        stored.tryEmitEmpty().orThrow();
        assertThat(first.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(second.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(writes).hasSize(1);
        assertThat(gateway.losses()).hasSize(1);
    }

    @Test
    void write_kafkaAway_acknowledgesNothingAndTakesItLater() {
        String run = gateway.run("s", "r");
        RecordWriter before = gateway.writer;
        gateway.writer = records -> Mono.error(new IllegalStateException("away"));
        HttpResponse<String> away = gateway.post("/runs/log-metric", LOSS.formatted(run));
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
        assertThat(gateway.post("/runs/log-batch", batch(run, "[]", params("max_steps=10")))
                        .statusCode())
                .isEqualTo(503);
        assertThat(gateway.get("/runs/get?run_id=" + run).body()).doesNotContain("max_steps");
        gateway.writer = before;
        gateway.good("/runs/log-metric", LOSS.formatted(run));
        gateway.good("/runs/log-batch", batch(run, "[]", params("max_steps=20")));
        assertThat(gateway.losses()).hasSize(1);
        assertThat(gateway.manifests())
                .extracting(RunManifest::plannedSteps)
                .as("the one before is told again, as nobody knows what had been stored")
                .containsExactly(null, null, 20L);
    }

    @Test
    void busy_javaClient_getsAnEmpty429() {
        String run = gateway.run("s", "r");
        gateway.writer = records -> Mono.error(new RecordWriter.BusyException("full"));
        HttpResponse<String> java = gateway.post("/runs/log-metric", LOSS.formatted(run), "mlflow-java-client/2.17.2");
        assertThat(java.statusCode()).isEqualTo(429);
        assertThat(java.body()).isEmpty();
        assertThat(java.headers().firstValue("Content-Length")).hasValue("0");
        assertThat(java.headers().firstValue("Retry-After")).isPresent();
        HttpResponse<String> python = gateway.post("/runs/log-metric", LOSS.formatted(run));
        assertThat(python.statusCode()).isEqualTo(429);
        assertThat(python.body()).contains("REQUEST_LIMIT_EXCEEDED");
        assertThat(python.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void request_beforeTheTopicIsRead_is503() {
        try (Gateway early = Gateway.on(new CopyOnWriteArrayList<>())) {
            assertThat(early.get("/experiments/get?experiment_id=0").statusCode())
                    .isEqualTo(503);
            assertThat(early.get("/health").body()).isEqualTo("OK");
            assertThat(early.get("/version").body()).isEqualTo("2.17.2");
            early.catchUp();
            assertThat(early.get("/experiments/get?experiment_id=0").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void restart_everythingStored_isThereAgain() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-batch", batch(run, metrics("loss=3.5 accuracy=0.5", 1), params("max_steps=10")));
        gateway.good("/runs/set-tag", tag(run, "k", "old"));
        gateway.good("/runs/set-tag", tag(run, "k", "new"));
        gateway.good("/runs/set-tag", tag(run, "gone", "v"));
        gateway.good("/runs/delete-tag", "{\"run_id\":\"" + run + "\",\"key\":\"gone\"}");
        String before = gateway.get("/runs/get?run_id=" + run).body();
        try (Gateway after = Gateway.on(gateway.written)) {
            after.catchUp();
            assertThat(after.get("/runs/get?run_id=" + run).body()).isEqualTo(before);
            assertThat(before).contains("max_steps", "accuracy", "\"new\"").doesNotContain("gone", "\"old\"");
            int manifests = after.manifests().size();
            assertThat(after.post("/runs/log-batch", batch(run, "[]", params("max_steps=11")))
                            .statusCode())
                    .isEqualTo(400);
            after.good("/runs/log-batch", batch(run, metrics("loss=3.25", 2), params("max_steps=10")));
            assertThat(after.manifests()).as("nothing new is known").hasSize(manifests);
            assertThat(after.run("s", "r")).isNotEqualTo(run);
            assertThat(after.manifests().get(manifests).run()).startsWith("r-");
        }
    }

    @Test
    void restart_compactedTopic_isReadInAnyOrderOfKeys() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-batch", batch(run, "[]", params("max_steps=10")));
        gateway.good("/runs/update", "{\"run_id\":\"" + run + "\",\"status\":\"FINISHED\"}");
        Map<String, Integer> last = IntStream.range(0, gateway.written.size())
                .boxed()
                .collect(Collectors.toMap(i -> new String(gateway.written.get(i).key(), UTF_8), i -> i, (a, b) -> b));
        try (Gateway after = Gateway.on(new CopyOnWriteArrayList<>(
                last.values().stream().sorted().map(gateway.written::get).toList()))) {
            after.catchUp();
            assertThat(after.get("/runs/get?run_id=" + run).body()).contains("FINISHED", "max_steps");
        }
    }

    @Test
    void run_ofAnotherGateway_isKnownOnceItsRecordsCome() {
        try (Gateway other = Gateway.on(gateway.written)) {
            other.catchUp();
            String run = gateway.run("s", "r");
            assertThat(other.get("/runs/get?run_id=" + run).statusCode()).isEqualTo(404);
            other.catchUp();
            other.good("/runs/log-metric", LOSS.formatted(run));
            assertThat(gateway.losses()).hasSize(1);
        }
    }

    @Test
    void restart_severalNamesForTheLoss_readsTheSameOne() {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-batch", batch(run, metrics("grad_norm=1", 1), "[]"));
        gateway.good("/runs/log-batch", batch(run, metrics("train_loss_step=3.5 train_loss=9", 1), "[]"));
        gateway.good("/runs/log-batch", batch(run, metrics("val_loss=4", 1), "[]"));
        try (Gateway after = Gateway.on(gateway.written)) {
            after.catchUp();
            after.good("/runs/log-batch", batch(run, metrics("train_loss=8 eval_loss=7", 2), "[]"));
            after.good("/runs/log-batch", batch(run, metrics("train_loss_step=3.25 val_loss=3.75", 2), "[]"));
            assertThat(after.losses()).extracting(LossObservation::loss).containsExactly(3.5, 4.0, 3.25, 3.75);
            String history = "/metrics/get-history?run_id=" + run + "&metric_key=";
            assertThat(Gateway.good(after.get(history + "train_loss_step")).get("metrics"))
                    .hasSize(2);
            assertThat(Gateway.good(after.get(history + "train_loss")).get("metrics"))
                    .as("a name that is not read has only its latest value")
                    .hasSize(1);
        }
    }

    @Test
    void restart_otherKeysInTheTopic_areIgnored() {
        String run = gateway.run("s", "r");
        for (String key : List.of("watch/a", "watch/run/" + run, "watch/metrics/x", "watch")) {
            gateway.written.add(new ProducerRecord<>(Topics.TRACKING, 0, key.getBytes(UTF_8), "[1]".getBytes(UTF_8)));
        }
        gateway.written.add(new ProducerRecord<>(Topics.TRACKING, 0, "watch/gone".getBytes(UTF_8), null));
        try (Gateway after = Gateway.on(gateway.written)) {
            after.catchUp();
            assertThat(after.mlflow.ready()).isTrue();
            assertThat(after.get("/runs/get?run_id=" + run).body())
                    .isEqualTo(gateway.get("/runs/get?run_id=" + run).body());
            assertThat(after.get("/runs/get?run_id=a").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void runCreate_sentAgain_isOneRun() {
        String body = "{\"experiment_id\":\"0\",\"user_id\":\"root\",\"start_time\":\"1795469964679\"}";
        String first = gateway.good("/runs/create", body).at("/run/info/run_id").asText();
        assertThat(gateway.good("/runs/create", body).at("/run/info/run_id").asText())
                .isEqualTo(first);
        assertThat(gateway.good("/runs/create", body.replace("679", "680"))
                        .at("/run/info/run_id")
                        .asText())
                .isNotEqualTo(first);
    }

    @Test
    void runUpdate_takenUpAgain_isTheNextAttempt() {
        String run = gateway.run("s", "r");
        String running = "{\"run_id\":\"" + run + "\",\"status\":\"RUNNING\"}";
        gateway.good("/runs/update", running);
        gateway.good("/runs/log-metric", LOSS.formatted(run));
        gateway.good("/runs/log-metric", LOSS.formatted(run).replace("\"step\":10", "\"step\":5"));
        gateway.good("/runs/update", running.replace("RUNNING", "KILLED"));
        gateway.good("/runs/update", running);
        gateway.good("/runs/update", running);
        gateway.good("/runs/log-metric", LOSS.formatted(run).replace("\"step\":10", "\"step\":6"));
        assertThat(gateway.losses()).extracting(LossObservation::attempt).containsExactly(null, null, 2);
        assertThat(gateway.manifests()).extracting(RunManifest::attempt).containsExactly(null, 2);
        assertThat(gateway.ofType(RunEnd.class)).hasSize(1);
    }

    @Test
    void search_filterOrderAndPages_areServed() {
        String a = gateway.run("s", "a");
        String b = gateway.run("s", "b");
        gateway.run("other", "c");
        gateway.good("/runs/set-tag", tag(a, "team", "x"));
        gateway.good("/runs/log-batch", batch(b, metrics("loss=2.5", 1), params("depth=12")));
        gateway.good("/runs/update", "{\"run_id\":\"" + b + "\",\"status\":\"FINISHED\"}");
        String experiment = Gateway.json(gateway.get("/experiments/get-by-name?experiment_name=s"))
                .at("/experiment/experiment_id")
                .asText();
        assertThat(names(experiment, "", "")).containsExactlyInAnyOrder("a", "b");
        assertThat(names(experiment, "tags.team = 'x'", "")).containsExactly("a");
        assertThat(names(experiment, "params.depth = '12' and metrics.loss < 3", ""))
                .containsExactly("b");
        assertThat(names(experiment, "attributes.status = 'RUNNING'", "")).containsExactly("a");
        assertThat(names(experiment, "attributes.run_name LIKE 'b%'", "")).containsExactly("b");
        assertThat(names(experiment, "", ",\"order_by\":[\"attributes.start_time ASC\"]"))
                .containsExactly("a", "b");
        JsonNode page = search(experiment, "", ",\"max_results\":1");
        assertThat(page.get("runs")).hasSize(1);
        assertThat(names(
                        experiment,
                        "",
                        ",\"max_results\":1,\"page_token\":\""
                                + page.get("next_page_token").asText() + "\""))
                .hasSize(1);
        gateway.good("/runs/delete", "{\"run_id\":\"" + a + "\"}");
        assertThat(names(experiment, "", "")).containsExactly("b");
        assertThat(names(experiment, "", ",\"run_view_type\":\"DELETED_ONLY\"")).containsExactly("a");
        assertThat(gateway.post("/runs/log-metric", LOSS.formatted(a)).statusCode())
                .isEqualTo(400);
        assertThat(gateway.good("/experiments/search", "{\"filter\":\"name = 's'\",\"max_results\":\"1000\"}")
                        .get("experiments"))
                .hasSize(1);
    }

    @Test
    void history_pages_endWithAnEmptyToken() {
        String run = gateway.run("s", "r");
        for (int step = 0; step < 5; step++) {
            gateway.good("/runs/log-batch", batch(run, row(step, 3 - 0.1 * step, "1"), "[]"));
        }
        String path = "/metrics/get-history?run_uuid=" + run + "&run_id=" + run + "&max_results=3&metric_key=";
        JsonNode first = Gateway.good(gateway.get(path + "loss"));
        assertThat(first.get("metrics")).hasSize(3);
        JsonNode second = Gateway.good(gateway.get(
                path + "loss&page_token=" + first.get("next_page_token").asText()));
        assertThat(second.get("metrics")).hasSize(2);
        assertThat(second.get("next_page_token").asText()).isEmpty();
        assertThat(Gateway.good(gateway.get(path + "learning_rate")).get("metrics"))
                .hasSize(3);
        assertThat(Gateway.good(gateway.get(path + "never")).get("metrics")).isEmpty();
    }

    @Test
    void access_otherStudies_areNeitherWrittenNorSeen() {
        String mine = gateway.run("mine", "r");
        String yours = gateway.run("yours", "r");
        gateway.caller = new Caller("t", Map.of(Scope.INGEST, Set.of("mine"), Scope.READ, Set.of("public")));
        gateway.good("/runs/log-metric", LOSS.formatted(mine));
        assertThat(gateway.get("/runs/get?run_id=" + mine).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/experiments/get?experiment_id=0").statusCode()).isEqualTo(200);
        assertRefused(gateway.post("/runs/log-metric", LOSS.formatted(yours)), 404, "RESOURCE_DOES_NOT_EXIST");
        assertRefused(gateway.get("/runs/get?run_id=" + yours), 404, "RESOURCE_DOES_NOT_EXIST");
        assertRefused(gateway.get("/experiments/get-by-name?experiment_name=yours"), 403, "PERMISSION_DENIED");
        assertRefused(gateway.post("/experiments/create", "{\"name\":\"public\"}"), 403, "PERMISSION_DENIED");
        assertRefused(gateway.post("/runs/create", "{\"experiment_id\":\"0\"}"), 403, "PERMISSION_DENIED");
        assertThat(gateway.good("/experiments/search", "{}").get("experiments")).hasSize(1);
        gateway.caller = new Caller("t", Map.of(Scope.READ, Set.of("mine")));
        assertRefused(gateway.post("/runs/log-metric", LOSS.formatted(mine)), 403, "PERMISSION_DENIED");
        assertThat(gateway.losses()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /runs/log-metric      | {"run_id":"R","key":"loss"}                                        | 400 | INVALID_PARAMETER_VALUE
            /runs/log-metric      | {"run_id":"R","key":"loss","value":"much"}                         | 400 | INVALID_PARAMETER_VALUE
            /runs/log-metric      | {"run_id":"R","key":"loss","value":1,"step":1.5}                   | 400 | INVALID_PARAMETER_VALUE
            /runs/log-metric      | {"run_id":"R","key":"loss","value":1,"step":-1}                    | 400 | INVALID_PARAMETER_VALUE
            /runs/log-metric      | {"run_id":"0123456789abcdef0123456789abcdef","key":"k","value":1}  | 404 | RESOURCE_DOES_NOT_EXIST
            /runs/log-metric      | {"key":"k","value":1}                                              | 400 | INVALID_PARAMETER_VALUE
            /runs/log-metric      | [1]                                                                | 400 | BAD_REQUEST
            /runs/log-metric      | {"run_id":                                                         | 400 | BAD_REQUEST
            /runs/log-batch       | {"run_id":"R","metrics":{}}                                        | 400 | INVALID_PARAMETER_VALUE
            /runs/log-batch       | {"run_id":"R","params":[{"key":"a","value":"1"},{"key":"a","value":"2"}]} | 400 | INVALID_PARAMETER_VALUE
            /runs/log-parameter   | {"run_id":"R","key":"p","value":"other"}                           | 400 | INVALID_PARAMETER_VALUE
            /runs/log-parameter   | {"run_id":"R","key":"","value":"v"}                                | 400 | INVALID_PARAMETER_VALUE
            /runs/update          | {"run_id":"R","status":"ASLEEP"}                                   | 400 | INVALID_PARAMETER_VALUE
            /runs/create          | {"experiment_id":"77"}                                             | 404 | RESOURCE_DOES_NOT_EXIST
            /runs/create          | {"experiment_id":"0","run_name":"a\\u0000b"}                       | 400 | INVALID_PARAMETER_VALUE
            /runs/search          | {"experiment_ids":["0"],"filter":"status ~ 1"}                     | 400 | INVALID_PARAMETER_VALUE
            /runs/search          | {"experiment_ids":["0"],"max_results":0}                           | 400 | INVALID_PARAMETER_VALUE
            /experiments/create   | {"name":"s"}                                                       | 400 | RESOURCE_ALREADY_EXISTS
            /experiments/create   | {"name":"Default"}                                                 | 400 | RESOURCE_ALREADY_EXISTS
            /experiments/create   | {"name":"a\\nb"}                                                   | 400 | INVALID_PARAMETER_VALUE
            /experiments/create   | {}                                                                 | 400 | INVALID_PARAMETER_VALUE
            /runs/nothing         | {}                                                                 | 404 | ENDPOINT_NOT_FOUND
            /api/2.0/mlflow-artifacts/artifacts/0/x.txt | {}                                           | 501 | NOT_IMPLEMENTED
            """)
    void error_each_hasItsCodeAndStatus(String path, String body, int status, String code) {
        String run = gateway.run("s", "r");
        gateway.good("/runs/log-parameter", "{\"run_id\":\"" + run + "\",\"key\":\"p\",\"value\":\"v\"}");
        HttpResponse<String> response = gateway.post(path, body.replace("\"R\"", "\"" + run + "\""));
        assertRefused(response, status, code);
        assertThat(response.body()).doesNotContain("io.straightedge", "Exception");
        assertThat(gateway.meters
                        .counter("straightedge.mlflow.rejected", "reason", code)
                        .count())
                .isPositive();
    }

    @Test
    void limits_tooMuch_isRefused() {
        String run = gateway.run("s", "r");
        assertRefused(gateway.post("/runs/log-batch", batch(run, many(1001), "[]")), 400, "INVALID_PARAMETER_VALUE");
        String pairs = IntStream.range(0, 101).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(" "));
        assertRefused(gateway.post("/runs/log-batch", batch(run, "[]", params(pairs))), 400, "INVALID_PARAMETER_VALUE");
        assertRefused(
                gateway.post("/runs/log-batch", batch(run, many(950), params(pairs.replace(" k100=v", "")))),
                400,
                "INVALID_PARAMETER_VALUE");
        assertRefused(gateway.post("/runs/set-tag", tag(run, "k".repeat(251), "v")), 400, "INVALID_PARAMETER_VALUE");
        assertRefused(
                gateway.post("/runs/log-batch", batch(run, "[]", params("p=" + "v".repeat(6001)))),
                400,
                "INVALID_PARAMETER_VALUE");
        assertThat(gateway.post("/runs/set-tag", tag(run, "k", "v".repeat(2 << 20)))
                        .statusCode())
                .isEqualTo(413);
        gateway.good("/runs/log-batch", batch(run, many(1000), "[]"));
        gateway.good("/runs/log-batch", batch(run, many(1000).replace("\"m", "\"n"), "[]"));
        assertRefused(gateway.post("/runs/log-batch", batch(run, metrics("one_more=1", 1), "[]")), 400, "INVALID");
        gateway.good("/runs/log-batch", batch(run, metrics("m1=2", 2), "[]"));
    }

    @Test
    void request_ajaxBaseBareNaNUnknownFields_areTaken() {
        String run = gateway.run("s", "r");
        gateway.good(
                "/ajax-api/2.0/mlflow/runs/log-metric",
                "{\"run_id\":\"" + run + "\",\"key\":\"loss\",\"value\":NaN,\"timestamp\":1,\"step\":1,"
                        + "\"model_id\":\"m\",\"dataset\":{\"name\":\"d\"}}");
        assertThat(gateway.losses().get(0).loss()).isNaN();
        assertThat(Gateway.good(gateway.get("/ajax-api/2.0/mlflow/runs/get?run_id=" + run))
                        .at("/run/data/metrics/0/value")
                        .asText())
                .isEqualTo("NaN");
        gateway.good("/runs/log-inputs", "{\"run_id\":\"" + run + "\",\"datasets\":[]}");
    }

    private CompletableFuture<HttpResponse<String>> async(String body) {
        return gateway.client()
                .sendAsync(
                        gateway.request("/runs/log-metric")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private JsonNode search(String experiment, String filter, String more) {
        return gateway.good(
                "/runs/search",
                "{\"experiment_ids\":[\"" + experiment + "\"],\"filter\":\"" + filter + "\"" + more + "}");
    }

    private List<String> names(String experiment, String filter, String more) {
        return search(experiment, filter, more).get("runs").findValuesAsText("run_name");
    }
}
