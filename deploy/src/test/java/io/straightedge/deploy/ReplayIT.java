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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real curves through the command, as its users send them: {@code up} in one process, {@code replay} in another. */
@Timeout(180)
class ReplayIT {

    private static final Path CURVES =
            Path.of(System.getProperty("straightedge.data", "")).resolve("olmo_ladder/curves.csv");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void replay_firstHalfOfRealRuns_forecastsTheirFinalLossesWithinOnePercent() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(CURVES), "real curves are not here: no file " + CURVES);
        Path log = folder.resolve("log.txt");
        try (StraightedgeProcess up =
                StraightedgeProcess.start(log, "up", "--embedded", "--kafka-port", "0", "--http-port", "0")) {
            JsonNode sent = StraightedgeProcess.run(
                    log,
                    0,
                    "replay",
                    CURVES.toString(),
                    "--study",
                    "olmo",
                    "--fraction",
                    "0.5",
                    "--budget",
                    "1e22",
                    "--bootstrap-servers",
                    up.bootstrapServers());
            int runs = sent.get("runs").asInt();
            assertThat(runs).isGreaterThan(20);
            Await.until("every run has a forecast at its half, and a budget its advice", SOON, () -> {
                JsonNode rows = get(up, "/v1/runs?study=olmo").path("runs");
                List<Boolean> there = new ArrayList<>();
                rows.forEach(row -> there.add(
                        row.hasNonNull("prediction") && row.path("fraction").asDouble() > .4));
                return there.size() == runs
                        && !there.contains(false)
                        && get(up, "/v1/recommendations?study=olmo")
                                        .get("recommendations")
                                        .size()
                                == 1;
            });
            checkForecasts(get(up, "/v1/runs?study=olmo").get("runs"));
            checkAdvice(get(up, "/v1/recommendations?study=olmo")
                    .get("recommendations")
                    .get(0));
            assertThat(up.stop()).isEqualTo(143);
        }
    }

    private static void checkForecasts(JsonNode rows) throws Exception {
        Map<String, Double> finals = finalLosses();
        List<Double> errors = new ArrayList<>();
        int inside95 = 0;
        for (JsonNode row : rows) {
            double right = finals.getOrDefault(
                    row.get("run").asText() + "/" + row.get("split").asText(), Double.NaN);
            JsonNode forecast = row.get("prediction");
            errors.add(Math.abs(forecast.get("mean").asDouble() / right - 1));
            boolean inside = right >= forecast.get("lower95").asDouble()
                    && right <= forecast.get("upper95").asDouble();
            inside95 += inside ? 1 : 0;
        }
        errors.sort(null);
        assertThat(errors.get(errors.size() / 2)).as("median relative error").isLessThan(.01);
        assertThat(inside95).as("of %d 95 %% intervals", errors.size()).isGreaterThanOrEqualTo((int)
                (.85 * errors.size()));
    }

    private static void checkAdvice(JsonNode advice) {
        double params = advice.get("params").get("value").asDouble();
        double tokens = advice.get("tokens").get("value").asDouble();
        assertThat(6 * params * tokens).isCloseTo(1e22, Percentage.withPercentage(.1));
        assertThat(params).isBetween(1e9, 1e11);
        assertThat(advice.get("loss").get("value").asDouble()).isBetween(2.0, 3.2);
        assertThat(advice.get("loss").get("lower95").asDouble())
                .isLessThan(advice.get("loss").get("value").asDouble());
    }

    /** Mean loss over the last 2 % of the steps of each run and split. */
    private static Map<String, Double> finalLosses() throws Exception {
        List<String> lines = Files.readAllLines(CURVES);
        List<String> header = List.of(lines.get(0).split(",", -1));
        Map<String, List<double[]>> curves = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            String loss = cells[header.indexOf("loss")];
            if (!loss.isEmpty() && !loss.equals("nan")) {
                String key = cells[header.indexOf("run")] + "/" + cells[header.indexOf("split")];
                double[] point = {Double.parseDouble(cells[header.indexOf("step")]), Double.parseDouble(loss)};
                curves.computeIfAbsent(key, absent -> new ArrayList<>()).add(point);
            }
        }
        Map<String, Double> finals = new HashMap<>();
        curves.forEach((key, points) -> {
            double last = points.stream().mapToDouble(point -> point[0]).max().orElse(0);
            finals.put(
                    key,
                    points.stream()
                            .filter(point -> point[0] > .98 * last)
                            .mapToDouble(point -> point[1])
                            .average()
                            .orElse(Double.NaN));
        });
        return finals;
    }

    private static JsonNode get(StraightedgeProcess up, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(up.url() + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return Json.tree(body.getBytes(StandardCharsets.UTF_8));
    }
}
