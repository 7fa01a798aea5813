package io.straightedge.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.deploy.command.WatchMain;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.kafka.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills the watcher as it follows files that grow, and looks for each of their losses in Kafka. */
@Timeout(240)
class WatchIT {

    private static final int KILLS = 8;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void killedAsFilesGrow_storesEachLossOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("WatchIT seed " + seed);
        Random random = new Random(seed);
        Path runs = Files.createDirectories(folder.resolve("runs"));
        try (Broker broker = Broker.inJvm()) {
            TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), 4, (short) 1);
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong written = new AtomicLong();
            Thread job = new Thread(() -> write(runs, over, written), "job");
            job.start();
            try {
                for (int kill = 0; kill < KILLS; kill++) {
                    try (StraightedgeProcess watcher = start(runs, broker)) {
                        Await.pause(Duration.ofMillis(random.nextInt(1_500)));
                        watcher.kill();
                    }
                    if (kill == KILLS / 2) {
                        Files.move(runs.resolve("b.log"), runs.resolve("b.log.1"));
                    }
                }
            } finally {
                over.set(true);
                job.join();
            }
            assertThat(written.get()).isGreaterThan(10_000);
            try (StraightedgeProcess watcher = start(runs, broker)) {
                Await.until(
                        "every loss is stored",
                        LONG,
                        () -> losses(broker).values().stream().allMatch(steps -> steps.size() >= written.get()));
                // What would be repeated comes within a few turns.
                Await.pause(Duration.ofSeconds(1));
                watcher.stop();
            }
            Map<String, List<Long>> losses = losses(broker);
            assertThat(losses).containsOnlyKeys("a", "b");
            losses.forEach((run, steps) -> {
                assertThat(steps).as("%s, each step once and in order", run).hasSize((int) written.get());
                assertThat(steps).isSorted().doesNotHaveDuplicates();
            });
            assertThat(manifests(broker)).as("manifests of each run").isEqualTo(Map.of("a", 1, "b", 1));
        }
    }

    @Test
    void secondWatcherWithTheSameId_shutsTheFirstOut() throws Exception {
        Path runs = Files.createDirectories(folder.resolve("runs"));
        Path log = folder.resolve("first.txt");
        Files.writeString(runs.resolve("a.log"), "lines\n1 3.0\n");
        try (Broker broker = Broker.inJvm()) {
            TopicSetup.ensure(KafkaSettings.of(broker.bootstrapServers()), 4, (short) 1);
            try (StraightedgeProcess first = start(log, runs, broker)) {
                Await.until("the first has sent", LONG, () -> losses(broker).size() == 1);
                try (StraightedgeProcess second = start(runs, broker)) {
                    Files.writeString(runs.resolve("a.log"), "2 2.9\n", StandardOpenOption.APPEND);
                    Await.until(
                            "the second has sent",
                            LONG,
                            () -> losses(broker).getOrDefault("a", List.of()).size() == 2);
                    Await.until("the first gave up", LONG, () -> !first.alive());
                    second.stop();
                }
            }
            assertThat(Files.readString(log)).contains("another watcher runs with the id test: stop it");
            assertThat(losses(broker).getOrDefault("a", List.of())).containsExactly(1L, 2L);
        }
    }

    private StraightedgeProcess start(Path runs, Broker broker) throws Exception {
        return start(folder.resolve("log.txt"), runs, broker);
    }

    private static StraightedgeProcess start(Path log, Path runs, Broker broker) throws Exception {
        return StraightedgeProcess.start(
                log,
                WatchMain.class,
                "watch-lines",
                runs.toString(),
                "--id",
                "test",
                "--poll",
                "0.05",
                "--params",
                "1e9",
                "-b",
                broker.bootstrapServers());
    }

    /** A job that logs two runs, a line in two pieces now and then. */
    private static void write(Path runs, AtomicBoolean over, AtomicLong written) {
        try {
            append(runs, "lines\n");
            while (!over.get()) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < 50; i++) {
                    long step = written.incrementAndGet();
                    lines.append(step)
                            .append(' ')
                            .append(10 / Math.sqrt((double) step))
                            .append('\n');
                }
                int cut = (int) (written.get() % lines.length());
                append(runs, lines.substring(0, cut));
                append(runs, lines.substring(cut));
                Await.pause(Duration.ofMillis(20));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void append(Path runs, String text) throws Exception {
        for (String name : List.of("a.log", "b.log")) {
            Files.writeString(runs.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static Map<String, List<Long>> losses(Broker broker) throws Exception {
        Map<String, List<Long>> losses = new HashMap<>();
        for (JsonNode event : events(broker)) {
            if (event.path("type").asText().equals("loss")) {
                losses.computeIfAbsent(event.path("run").asText(), absent -> new ArrayList<>())
                        .add(event.path("step").asLong());
            }
        }
        return losses;
    }

    private static Map<String, Integer> manifests(Broker broker) throws Exception {
        Map<String, Integer> manifests = new HashMap<>();
        for (JsonNode event : events(broker)) {
            if (event.path("type").asText().equals("run")) {
                manifests.merge(event.path("run").asText(), 1, Integer::sum);
            }
        }
        return manifests;
    }

    private static List<JsonNode> events(Broker broker) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicContents.all(broker.bootstrapServers(), Topics.TRAINING_EVENTS)) {
            events.add(Json.tree(record.value()));
        }
        return events;
    }
}
