package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that logs as Megatron-LM does and knows nothing of us: its log is watched, with three things said about it. */
@Timeout(120)
class WatchForecastIT {

    private static final int PLANNED = 4_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void megatronLog_andThreeOptions_giveAForecast() throws Exception {
        Path log = Files.createDirectories(folder.resolve("ladder/1b")).resolve("train.log");
        Path said = folder.resolve("said.txt");
        try (StraightedgeProcess up = StraightedgeProcess.start(
                        said,
                        "up",
                        "--embedded",
                        "--data",
                        folder.resolve("data").toString(),
                        "--kafka-port",
                        "0",
                        "--http-port",
                        "0");
                StraightedgeProcess watch = StraightedgeProcess.start(
                        said,
                        "watch",
                        folder.resolve("ladder").toString(),
                        "--sequence-length",
                        "2048",
                        "--params",
                        "1B",
                        "--schedule",
                        "cosine:warmup=100,peak=3e-4,final=3e-5",
                        "--poll",
                        "0.1",
                        "-b",
                        up.bootstrapServers())) {
            for (int step = 10; step <= PLANNED / 2; step += 10) {
                Files.writeString(log, line(step), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            Await.until("the run has a forecast", LONG, () -> run(up).hasNonNull("prediction"));
            JsonNode run = run(up);
            assertThat(run.path("run").asText()).isEqualTo("1b");
            double end = loss(PLANNED);
            assertThat(run.at("/prediction/mean").asDouble()).as(run.toString()).isBetween(end - 0.2, end + 0.2);
            assertThat(watch.stop()).isEqualTo(143);
        }
    }

    private static String line(int step) {
        return String.format(
                Locale.ROOT,
                " [2026-11-24 10:00:00] iteration %8d/ %8d | consumed samples: %12d | elapsed time per iteration (ms): 500.0 |"
                        + " learning rate: %.6E | global batch size:   256 | lm loss: %.6E | grad norm: 0.500 |"
                        + " number of skipped iterations:   0 | number of nan iterations:   0 |%n",
                step,
                PLANNED,
                step * 256L,
                rate(step),
                loss(step));
    }

    private static double rate(int step) {
        double fallen = 0.5 * (1 + Math.cos(Math.PI * (step - 100) / (PLANNED - 100.0)));
        return step < 100 ? 3e-4 * step / 100 : 3e-5 + 2.7e-4 * fallen;
    }

    private static double loss(int step) {
        return 2.5 + 20 / Math.sqrt(step + 10.0);
    }

    private JsonNode run(StraightedgeProcess up) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(up.url() + "/v1/runs")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).at("/runs/0");
    }
}
