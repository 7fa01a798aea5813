package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A trainer that knows nothing but the tracking server's address. */
@Timeout(180)
class MlflowIT {

    private static final Duration FIRST_FORECAST = Duration.ofSeconds(60);
    private static final int PLANNED = 2000;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void trainer_addressAlone_getsAForecastAndIsRememberedOverARestart() throws Exception {
        Path log = folder.resolve("log.txt");
        String[] up = {
            "up", "--embedded", "--data", folder.resolve("data").toString(), "--kafka-port", "0", "--http-port", "0"
        };
        String run;
        JsonNode before;
        try (StraightedgeProcess process = StraightedgeProcess.start(log, up)) {
            run = begin(process);
            for (int step = 10; step <= PLANNED / 2; step += 10) {
                logStep(process, run, step);
            }
            Await.until("the run has a forecast", FIRST_FORECAST, () -> {
                JsonNode rows = get(process, "/v1/runs?study=trained").path("runs");
                return !rows.isEmpty() && rows.get(0).hasNonNull("prediction");
            });
            assertThat(get(process, "/v1/runs/trained/out").toString())
                    .contains("params: derived from n_embd, n_layer");
            JsonNode history = get(
                    process,
                    "/api/2.0/mlflow/metrics/get-history?run_id=" + run + "&metric_key=loss&max_results=25000");
            assertThat(history.get("metrics")).hasSize(PLANNED / 20);
            assertThat(history.at("/metrics/0/value").asDouble()).isEqualTo(loss(10));
            post(process, "runs/update", "{\"run_id\":\"" + run + "\",\"status\":\"KILLED\"}");
            before = get(process, "/api/2.0/mlflow/runs/get?run_id=" + run);
            assertThat(process.stop()).isEqualTo(143);
        }
        try (StraightedgeProcess process = StraightedgeProcess.start(log, up)) {
            assertThat(get(process, "/api/2.0/mlflow/runs/get?run_id=" + run)).isEqualTo(before);
            post(process, "runs/update", "{\"run_id\":\"" + run + "\",\"status\":\"RUNNING\"}");
            logStep(process, run, PLANNED / 2 + 10);
            assertThat(process.stop()).isEqualTo(143);
        }
    }

    private String begin(StraightedgeProcess process) throws Exception {
        String experiment = post(process, "experiments/create", "{\"name\":\"trained\"}")
                .get("experiment_id")
                .asText();
        String run = post(
                        process,
                        "runs/create",
                        "{\"experiment_id\":\"" + experiment + "\",\"start_time\":1795469964679,\"run_name\":\"out\"}")
                .at("/run/info/run_id")
                .asText();
        String params = ("model_type=gpt2 n_embd=768 n_layer=12 n_head=12 vocab_size=50257 n_positions=1024"
                        + " learning_rate=0.0003 lr_scheduler_type=cosine warmup_steps=100 max_steps=" + PLANNED)
                .replaceAll("(\\S+)=(\\S+)", "{\"key\":\"$1\",\"value\":\"$2\"}")
                .replace(' ', ',');
        post(process, "runs/log-batch", "{\"run_id\":\"" + run + "\",\"params\":[" + params + "]}");
        return run;
    }

    private void logStep(StraightedgeProcess process, String run, int step) throws Exception {
        double rate = 3e-4 * Math.min(step / 100.0, (1 + Math.cos(Math.PI * (step - 100) / (PLANNED - 100))) / 2);
        String metrics = Arrays.stream(
                        String.format(Locale.ROOT, "loss=%s learning_rate=%s grad_norm=0.5", loss(step), rate)
                                .split(" ", -1))
                .map(pair -> pair.split("=", 2))
                .map(pair -> "{\"key\":\"" + pair[0] + "\",\"value\":" + pair[1] + ",\"timestamp\":"
                        + (1795469964679L + step) + ",\"step\":" + step + "}")
                .collect(Collectors.joining(","));
        post(process, "runs/log-batch", "{\"run_id\":\"" + run + "\",\"metrics\":[" + metrics + "]}");
    }

    private static double loss(int step) {
        return 2.5 + 20 / Math.sqrt(step + 10.0);
    }

    private JsonNode post(StraightedgeProcess process, String endpoint, String body) throws Exception {
        return json(HttpRequest.newBuilder(URI.create(process.url() + "/api/2.0/mlflow/" + endpoint))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private JsonNode get(StraightedgeProcess process, String path) throws Exception {
        return json(HttpRequest.newBuilder(URI.create(process.url() + path)).build());
    }

    private JsonNode json(HttpRequest request) throws Exception {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
