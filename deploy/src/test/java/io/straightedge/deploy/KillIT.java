package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.KafkaWriter;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.TrainingEvent;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Kills the whole process, broker and all, as it works, and compares what it leaves with an undisturbed run. */
class KillIT {

    private static final int PARTITIONS = 4;
    private static final int KILLS = 10;
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final List<String> FITTER_TOPICS =
            List.of(Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES, Topics.DEVIATIONS, Topics.FORECAST_SCORES);
    private static final List<String> PUBLISHER_TOPICS = List.of(Topics.PREDICTIONS, Topics.RECOMMENDATIONS);

    @TempDir
    Path folder;

    @Test
    void killedTenTimes_leavesWhatAnUndisturbedRunLeaves() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillIT seed " + seed);
        List<TrainingEvent> events = Ladder.events(6, 400, 11);
        Left undisturbed = run(folder.resolve("undisturbed"), events, 0, new Random(seed));
        Left disturbed = run(folder.resolve("disturbed"), events, KILLS, new Random(seed));
        for (String topic : FITTER_TOPICS) {
            assertThat(disturbed.fitter.get(topic)).as(topic).isEqualTo(undisturbed.fitter.get(topic));
        }
        for (String topic : PUBLISHER_TOPICS) {
            assertThat(disturbed.publisher.get(topic)).as(topic).isEqualTo(undisturbed.publisher.get(topic));
        }
        assertThat(undisturbed.fitter.get(Topics.FORECAST_SCORES)).isNotEmpty();
        assertThat(undisturbed.publisher.get(Topics.PREDICTIONS)).hasSize(48);
        assertThat(undisturbed.publisher.get(Topics.RECOMMENDATIONS)).hasSize(12);
    }

    private record Left(Map<String, Map<Integer, List<String>>> fitter, Map<String, Map<String, String>> publisher) {}

    private static Left run(Path home, List<TrainingEvent> events, int kills, Random random) throws Exception {
        int port = freePort();
        String bootstrapServers = "127.0.0.1:" + port;
        StraightedgeProcess process = start(home, port);
        int chunk = events.size() / (kills + 1) + 1;
        try (KafkaWriter writer = new KafkaWriter(KafkaSettings.of(bootstrapServers), "test", KafkaWriter.LONG)) {
            for (int from = 0; from < events.size(); from += chunk) {
                List<TrainingEvent> part = events.subList(from, Math.min(events.size(), from + chunk));
                Mono<Void> written = writer.write(part.stream()
                                .map(event -> Ladder.record(event, PARTITIONS))
                                .toList())
                        .cache();
                written.subscribe();
                if (kills-- > 0) {
                    Await.pause(Duration.ofMillis(random.nextInt(700)));
                    process.kill();
                    process = start(home, port);
                }
                written.block(LONG);
            }
            StraightedgeProcess last = process;
            long ends = events.stream().filter(event -> event instanceof RunEnd).count();
            Await.until(
                    "every run finished and predicted",
                    LONG,
                    () -> finished(last.url()) == ends && settled(last.url(), events.size()));
            Map<String, Map<Integer, List<String>>> fitter = new LinkedHashMap<>();
            for (String topic : FITTER_TOPICS) {
                fitter.put(topic, TopicContents.byPartition(bootstrapServers, topic, record -> true));
            }
            Map<String, Map<String, String>> publisher = new LinkedHashMap<>();
            for (String topic : PUBLISHER_TOPICS) {
                publisher.put(topic, TopicContents.latest(bootstrapServers, topic));
            }
            return new Left(fitter, publisher);
        } finally {
            process.close();
        }
    }

    private static StraightedgeProcess start(Path home, int port) throws Exception {
        return StraightedgeProcess.start(
                home.resolveSibling("log.txt"),
                "up",
                "--data",
                home.toString(),
                "--kafka-port",
                Integer.toString(port),
                "--http-port",
                "0",
                "--partitions",
                Integer.toString(PARTITIONS));
    }

    /** Predictions whose run has finished. */
    private static long finished(String url) throws Exception {
        JsonNode predictions = Json.tree(get(url + "/v1/predictions").getBytes(StandardCharsets.UTF_8));
        long finished = 0;
        for (JsonNode prediction : predictions.path("predictions")) {
            finished += prediction.path("status").asText().equals("finished") ? 1 : 0;
        }
        return finished;
    }

    /** Whether the fitter's accounts hold all events and balance. */
    private static boolean settled(String url, int events) throws Exception {
        double in = 0;
        double became = 0;
        for (String line : get(url + "/metrics").split("\n", -1)) {
            if (line.startsWith("straightedge_fitter_events_in_total")) {
                in = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            } else if (line.startsWith("straightedge_fitter_events_total")) {
                became += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        assertThat(became).isEqualTo(in);
        return in >= events;
    }

    private static String get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
