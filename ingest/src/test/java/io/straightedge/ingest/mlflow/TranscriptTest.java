package io.straightedge.ingest.mlflow;

import static io.straightedge.ingest.mlflow.Bodies.assertRefused;
import static io.straightedge.ingest.mlflow.Bodies.batch;
import static io.straightedge.ingest.mlflow.Bodies.metrics;
import static io.straightedge.ingest.mlflow.Bodies.params;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other clients than the Hugging Face Trainer send, call by call. */
@Timeout(30)
final class TranscriptTest {

    private final Gateway gateway = Gateway.fresh();

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** Lightning's MLFlowLogger: no run name but a tag, hyperparameters first, batches without empty lists. */
    @Test
    void transcript_lightning_becomesManifestLossesAndEnd() {
        assertRefused(
                gateway.get("/experiments/get-by-name?experiment_name=lightning_logs"), 404, "RESOURCE_DOES_NOT_EXIST");
        String experiment = gateway.good("/experiments/create", "{\"name\":\"lightning_logs\"}")
                .get("experiment_id")
                .asText();
        String run = gateway.good(
                        "/runs/create",
                        "{\"experiment_id\":\"" + experiment + "\",\"user_id\":\"me\",\"start_time\":1795469964679,"
                                + "\"tags\":[{\"key\":\"mlflow.runName\",\"value\":\"gpt-small\"},"
                                + "{\"key\":\"mlflow.user\",\"value\":\"me\"},"
                                + "{\"key\":\"mlflow.source.name\",\"value\":\"train.py\"},"
                                + "{\"key\":\"mlflow.source.type\",\"value\":\"LOCAL\"}]}")
                .at("/run/info/run_id")
                .asText();
        gateway.good(
                "/runs/log-batch",
                "{\"run_id\":\"" + run + "\",\"params\":" + params("n_params=124439808 weight_decay=0.1 max_steps=500")
                        + "}");
        gateway.good("/runs/log-batch", lightning(run, "lr-AdamW=0.0003", 0));
        gateway.good("/runs/log-batch", lightning(run, "train_loss_step=7.25 epoch=0", 49));
        gateway.good("/runs/log-batch", lightning(run, "val_loss=6.75 epoch=0", 99));
        gateway.good("/runs/log-batch", lightning(run, "train_loss_epoch=7 epoch=0", 99));
        gateway.good("/runs/log-batch", lightning(run, "train_loss_step=6.5 epoch=1", 149));
        assertThat(gateway.get("/runs/get?run_uuid=" + run + "&run_id=" + run).statusCode())
                .isEqualTo(200);
        gateway.good(
                "/runs/update",
                "{\"run_uuid\":\"" + run + "\",\"run_id\":\"" + run
                        + "\",\"status\":\"FINISHED\",\"end_time\":1795469965130}");

        RunManifest manifest = gateway.manifests().get(1);
        assertThat(manifest.run()).isEqualTo("gpt-small");
        assertThat(manifest.params()).isEqualTo(124_439_808);
        assertThat(manifest.plannedSteps()).isEqualTo(500);
        assertThat(gateway.losses())
                .extracting(LossObservation::split, LossObservation::step, LossObservation::loss)
                .containsExactly(tuple("train", 49L, 7.25), tuple("val", 99L, 6.75), tuple("train", 149L, 6.5));
        assertThat(gateway.ofType(RunEnd.class)).extracting(RunEnd::outcome).containsExactly(Outcome.FINISHED);
    }

    private static String lightning(String run, String pairs, long step) {
        return "{\"run_id\":\"" + run + "\",\"metrics\":" + metrics(pairs, step) + "}";
    }

    /** {@code mlflow.start_run(run_id=...)}: reads the run, sets it to run with its old end, reads it again. */
    @Test
    void transcript_fluentResume_isTheNextAttempt() {
        String run = gateway.run("s", "r");
        String read = "/runs/get?run_uuid=" + run + "&run_id=" + run;
        gateway.good("/runs/log-batch", batch(run, metrics("loss=3.5", 10), params("max_steps=100")));
        gateway.good(
                "/runs/update",
                "{\"run_uuid\":\"" + run + "\",\"run_id\":\"" + run
                        + "\",\"status\":\"FAILED\",\"end_time\":1795469965130}");
        JsonNode before = Gateway.good(gateway.get(read)).at("/run/info");
        assertThat(before.get("lifecycle_stage").asText()).isEqualTo("active");
        JsonNode resumed = gateway.good(
                        "/runs/update",
                        "{\"run_uuid\":\"" + run + "\",\"run_id\":\"" + run + "\",\"status\":\"RUNNING\",\"end_time\":"
                                + before.get("end_time").asLong() + "}")
                .get("run_info");
        assertThat(resumed.get("status").asText()).isEqualTo("RUNNING");
        assertThat(resumed.has("end_time")).isFalse();
        gateway.good(
                "/runs/log-batch",
                "{\"run_id\":\"" + run + "\",\"tags\":[{\"key\":\"mlflow.note.content\",\"value\":\"again\"}]}");
        assertThat(gateway.get(read).body()).contains("again");
        gateway.good("/runs/log-batch", batch(run, "[]", params("max_steps=100")));
        gateway.good("/runs/log-batch", batch(run, metrics("loss=3.75", 5), "[]"));
        assertThat(gateway.losses()).extracting(LossObservation::attempt).containsExactly(null, 1);
    }

    /**
     * A metric of MLflow 3's fluent calls: it reads the run twice to look for models and data sets, and says which data
     * set a metric is of.
     */
    @Test
    void transcript_fluentOfMlflow3_isServed() {
        String run = gateway.run("s", "r");
        JsonNode read = Gateway.good(gateway.get("/runs/get?run_id=" + run)).get("run");
        assertThat(read.has("outputs")).as("an absent message is an empty one").isFalse();
        gateway.good(
                "/runs/log-inputs",
                "{\"run_id\":\"" + run + "\",\"datasets\":[{\"dataset\":{\"name\":\"d\",\"digest\":\"1\"}}],"
                        + "\"models\":[{\"model_id\":\"m-1\"}]}");
        gateway.good(
                "/runs/log-metric",
                "{\"run_uuid\":\"" + run + "\",\"run_id\":\"" + run + "\",\"key\":\"loss\",\"value\":2.5,"
                        + "\"timestamp\":1795469965619,\"step\":1,\"model_id\":\"m-1\",\"dataset_name\":\"d\","
                        + "\"dataset_digest\":\"1\"}");
        assertThat(gateway.losses()).hasSize(1);
    }

    @Test
    void newerApi_workspaces_areNotThere() {
        for (String base : MlflowRoutes.NEWER_BASES) {
            assertThat(Gateway.good(gateway.get(base + "/server-info"))
                            .get("workspaces_enabled")
                            .asBoolean(true))
                    .isFalse();
            assertRefused(gateway.get(base + "/workspaces"), 404, "ENDPOINT_NOT_FOUND");
            assertRefused(gateway.post(base + "/traces", "{}"), 404, "ENDPOINT_NOT_FOUND");
        }
    }

    @Test
    void body_gzip_isInflated() throws IOException {
        String run = gateway.run("s", "r");
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(batch(run, metrics("loss=2.5", 1), "[]").getBytes(UTF_8));
        }
        HttpResponse<String> taken = gateway.send(gateway.request("/runs/log-batch")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(compressed.toByteArray())));
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(gateway.losses()).hasSize(1);
        HttpResponse<String> cut = gateway.send(gateway.request("/runs/log-batch")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(compressed.toByteArray(), 0, compressed.size() / 2)));
        assertRefused(cut, 400, "BAD_REQUEST");
        assertThat(gateway.losses()).hasSize(1);
    }

    /** As in the examples of MLflow's REST documentation. */
    @Test
    void get_fieldsInAJsonBody_areRead() {
        String run = gateway.run("s", "r");
        HttpResponse<String> read = gateway.send(
                gateway.request("/runs/get").method("GET", BodyPublishers.ofString("{\"run_id\":\"" + run + "\"}")));
        assertThat(Gateway.good(read).at("/run/info/run_id").asText()).isEqualTo(run);
        assertRefused(gateway.get("/runs/get"), 400, "INVALID_PARAMETER_VALUE");
    }
}
