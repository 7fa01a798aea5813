package io.straightedge.deploy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * How long it takes from an observation to the page: all stages in one process of their own, with a broker inside, and a
 * receiver here.
 *
 * <p>Runs, each in a study of its own, log two losses that are no numbers, one run after the other, a random time apart;
 * counted is from before the POST to when the receiver has the critical alert. Hypothesis: at most 5 s, median at most 2 s.
 */
final class PageLatency {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOST_APART_MILLIS = 700;
    private static final int CALM_STEPS = 20;

    /** Runs that are paged, one after the other, before any counts. */
    private static final int WARM_UP = 5;

    private static final double MILLIS = 1e6;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Hook hook;
    private final String url;

    private PageLatency(Hook hook, String url) {
        this.hook = hook;
        this.url = url;
    }

    /** Takes the number of runs, 100 unless said; prints quantiles of the time in milliseconds. */
    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("page-latency");
        try (Hook hook = new Hook()) {
            Path rules = Files.writeString(folder.resolve("rules.yaml"), """
                    sinks:
                      - {name: hook, kind: alertmanager-webhook, url: "%s", allow-http: true, allow-private: [127.0.0.0/8]}
                    """.formatted(hook.url()));
            try (StraightedgeProcess process = StraightedgeProcess.start(
                    folder.resolve("log.txt"),
                    "up",
                    "--kafka-port",
                    "0",
                    "--http-port",
                    "0",
                    "--rules",
                    rules.toString())) {
                Await.until("ready", LONG, process::ready);
                print(new PageLatency(hook, process.url()).millis(runs));
            }
        }
    }

    private double[] millis(int runs) throws Exception {
        Random random = new Random(1);
        for (int run = 0; run < runs; run++) {
            post(calm(run));
        }
        for (int run = runs; run < runs + WARM_UP; run++) {
            String name = name(run);
            post(calm(run) + broken(run));
            Await.until(
                    "page of " + name, LONG, () -> hook.nanos(name, "critical").isPresent());
        }
        long[] sent = new long[runs];
        for (int run = 0; run < runs; run++) {
            Await.pause(Duration.ofMillis(random.nextInt(MOST_APART_MILLIS)));
            sent[run] = System.nanoTime();
            post(broken(run));
        }
        double[] millis = new double[runs];
        for (int run = 0; run < runs; run++) {
            String name = name(run);
            Await.until(
                    "page of " + name, LONG, () -> hook.nanos(name, "critical").isPresent());
            millis[run] = (hook.nanos(name, "critical").orElseThrow() - sent[run]) / MILLIS;
        }
        return millis;
    }

    private static String calm(int run) {
        StringBuilder lines = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"type\":\"run\",\"study\":\"study-%s\",\"run\":\"%s\",\"params\":1e8,\"plannedSteps\":1000,"
                        + "\"tokensPerStep\":1000000}%n",
                name(run),
                name(run)));
        for (int step = 1; step <= CALM_STEPS; step++) {
            lines.append(loss(run, step, String.format(Locale.ROOT, "%.3f", 11 - .1 * step)));
        }
        return lines.toString();
    }

    private static String broken(int run) {
        return loss(run, CALM_STEPS + 1, "\"NaN\"") + loss(run, CALM_STEPS + 2, "\"NaN\"");
    }

    private static String loss(int run, int step, String loss) {
        return String.format(
                Locale.ROOT,
                "{\"type\":\"loss\",\"study\":\"study-%s\",\"run\":\"%s\",\"step\":%d,\"loss\":%s,\"time\":\"%s\"}%n",
                name(run),
                name(run),
                step,
                loss,
                Instant.now());
    }

    private static String name(int run) {
        return "r" + run;
    }

    private void post(String lines) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/events"))
                .header("Content-Type", "application/x-ndjson")
                .timeout(LONG)
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
    }

    private static void print(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%d pages; observation to page, ms: p50 %.0f, p90 %.0f, p99 %.0f, worst %.0f%n",
                sorted.length,
                quantile(sorted, .5),
                quantile(sorted, .9),
                quantile(sorted, .99),
                sorted[sorted.length - 1]);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
    }
}
