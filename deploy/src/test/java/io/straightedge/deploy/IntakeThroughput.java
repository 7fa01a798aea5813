package io.straightedge.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Losses a second through each way in, beside a plain producer on the same broker, and how long a request of MLflow's
 * takes at a thousand a second.
 *
 * <p>The broker and the senders run in this process, the gateway in one of its own, all on the same cores: what is
 * measured is a machine that does everything. Hypotheses: batches over HTTP reach a third of the plain producer; 99 of 100
 * paced requests take under 50 ms.
 */
final class IntakeThroughput {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SENDERS = 8;
    private static final int BATCH = 500;
    private static final int PACED_PER_SECOND = 1_000;
    private static final int PACED_SECONDS = 10;
    private static final int PACED_RUNS = 100;
    private static final int PACED_ROUNDS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    private final String bootstrapServers;
    private final StraightedgeProcess gateway;
    private final String url;

    private IntakeThroughput(String bootstrapServers, StraightedgeProcess gateway) {
        this.bootstrapServers = bootstrapServers;
        this.gateway = gateway;
        this.url = gateway.url();
    }

    /** Takes the number of losses, 200,000 unless said; prints a line for each way in. */
    public static void main(String[] arguments) throws Exception {
        int losses = arguments.length == 0 ? 200_000 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("intake-throughput");
        try (Broker broker = Broker.inJvm();
                StraightedgeProcess gateway = StraightedgeProcess.startFast(
                        folder.resolve("log.txt"), "ingest", "-b", broker.bootstrapServers(), "--http-port", "0")) {
            Await.until("ready", LONG, gateway::ready);
            IntakeThroughput trial = new IntakeThroughput(broker.bootstrapServers(), gateway);
            // The first round warms broker and gateway up.
            for (int count : new int[] {losses / 4, losses}) {
                System.out.printf(Locale.ROOT, "%,d losses, %d senders, %d a batch%n", count, SENDERS, BATCH);
                trial.rate("plain producer", count, trial.produce(count));
                trial.rate("NDJSON", count, trial.ndjson(count));
                trial.rate("MLflow log-batch", count, trial.logBatch(count));
                trial.rate("MLflow log-batch, one step each", count / 10, trial.steps(count / 10));
            }
            // The first rounds warm it up here too.
            for (int round = 0; round < PACED_ROUNDS; round++) {
                trial.paced();
            }
            trial.senders.shutdown();
        }
    }

    private void rate(String way, int losses, long nanos) {
        System.out.printf(Locale.ROOT, "%-34s %,12.0f losses/s%n", way, losses / (nanos / NANOS_PER_SECOND));
    }

    private long produce(int losses) throws Exception {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long begin = System.nanoTime();
            for (int i = 0; i < losses; i++) {
                var unused = producer.send(
                        new ProducerRecord<>(Topics.TRAINING_EVENTS, "plain".getBytes(UTF_8), Json.write(loss(i))));
            }
            producer.flush();
            return System.nanoTime() - begin;
        }
    }

    private long ndjson(int losses) throws Exception {
        return inParallel(losses / BATCH, batch -> {
            StringBuilder lines = new StringBuilder();
            for (int i = batch * BATCH; i < (batch + 1) * BATCH; i++) {
                lines.append(new String(Json.write(loss(i)), UTF_8)).append('\n');
            }
            post("/v1/events", "application/x-ndjson", lines.toString());
        });
    }

    private static LossObservation loss(int step) {
        return LossObservation.of("plain", "run", step, 2 + 1. / (step + 1));
    }

    private long logBatch(int losses) throws Exception {
        List<String> runs = runs(SENDERS);
        return inParallel(losses / BATCH, batch -> {
            StringBuilder metrics = new StringBuilder();
            for (int i = batch * BATCH; i < (batch + 1) * BATCH; i++) {
                metrics.append(metrics.isEmpty() ? "" : ",").append(metric("loss", i, 2 + 1. / (i + 1)));
            }
            mlflow(
                    "runs/log-batch",
                    "{\"run_id\":\"" + runs.get(batch % SENDERS) + "\",\"metrics\":[" + metrics + "]}");
        });
    }

    private long steps(int steps) throws Exception {
        List<String> runs = runs(SENDERS);
        return inParallel(steps, step -> mlflow("runs/log-batch", step(runs.get(step % SENDERS), step)));
    }

    /** Sends on the beat, whether or not what was sent before has been answered, as many trainers together do. */
    private void paced() throws Exception {
        List<String> runs = runs(PACED_RUNS);
        int requests = PACED_PER_SECOND * PACED_SECONDS;
        long[] took = new long[requests];
        long[] late = new long[requests];
        CountDownLatch open = new CountDownLatch(requests);
        AtomicInteger failures = new AtomicInteger();
        Duration before = gateway.processorTime();
        long begin = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            int request = i;
            long due = begin + (long) (request * NANOS_PER_SECOND / PACED_PER_SECOND);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            late[i] = System.nanoTime() - due;
            HttpRequest sent =
                    request("/api/2.0/mlflow/runs/log-batch", "application/json", step(runs.get(i % PACED_RUNS), i));
            var unused = http.sendAsync(sent, HttpResponse.BodyHandlers.ofString())
                    .whenComplete((response, failure) -> {
                        // From when it was due, so that a stall counts for all who wait behind it.
                        took[request] = System.nanoTime() - due;
                        failures.addAndGet(failure == null && response.statusCode() == 200 ? 0 : 1);
                        open.countDown();
                    });
        }
        if (!open.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(open.getCount() + " requests were never answered");
        }
        Arrays.sort(took);
        Arrays.sort(late);
        System.out.printf(
                Locale.ROOT,
                "MLflow log-batch at %,d requests/s for %d s: p50 %.1f ms, p99 %.1f ms, worst %.1f ms, %d failed,"
                        + " %.0f us of processor time each; the sender itself was late by %.1f ms at p99%n",
                PACED_PER_SECOND,
                PACED_SECONDS,
                took[requests / 2] / NANOS_PER_MILLI,
                took[requests * 99 / 100] / NANOS_PER_MILLI,
                took[requests - 1] / NANOS_PER_MILLI,
                failures.get(),
                gateway.processorTime().minus(before).toNanos() / 1e3 / requests,
                late[requests * 99 / 100] / NANOS_PER_MILLI);
    }

    /** What the Hugging Face Trainer logs of a step. */
    private static String step(String run, int step) {
        return "{\"run_id\":\"" + run + "\",\"metrics\":[" + metric("loss", step, 2 + 1. / (step + 1)) + ","
                + metric("grad_norm", step, .5) + "," + metric("learning_rate", step, 3e-4) + "]}";
    }

    private static String metric(String key, int step, double value) {
        return "{\"key\":\"" + key + "\",\"value\":" + value + ",\"timestamp\":" + (1_795_469_965_000L + step)
                + ",\"step\":" + step + "}";
    }

    private List<String> runs(int number) throws Exception {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String body = mlflow("runs/create", "{\"experiment_id\":\"0\",\"start_time\":1}");
            runs.add(Json.tree(body.getBytes(UTF_8)).at("/run/info/run_id").asText());
        }
        return runs;
    }

    private String mlflow(String endpoint, String body) throws Exception {
        return post("/api/2.0/mlflow/" + endpoint, "application/json", body);
    }

    private String post(String path, String type, String body) throws Exception {
        HttpRequest request = request(path, type, body);
        while (true) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return response.body();
            }
            if (response.statusCode() != 429) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private HttpRequest request(String path, String type, String body) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private interface Task {
        void run(int number) throws Exception;
    }

    /** Runs the tasks in the order of their numbers on all senders; nanoseconds. */
    private long inParallel(int tasks, Task task) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long begin = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            running.add(senders.submit(() -> {
                for (int number = next.getAndIncrement(); number < tasks; number = next.getAndIncrement()) {
                    task.run(number);
                }
                return null;
            }));
        }
        for (Future<?> sender : running) {
            sender.get();
        }
        return System.nanoTime() - begin;
    }
}
