package io.straightedge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command in a JVM of its own, which can be killed as hard as a machine can. */
final class StraightedgeProcess implements AutoCloseable {

    private static final String SERIAL = "-XX:+UseSerialGC";

    private final Process process;
    private final JsonNode started;

    private StraightedgeProcess(Process process, JsonNode started) {
        this.process = process;
        this.started = started;
    }

    /** Starts it with {@code --json} and returns when it says that it has started. */
    static StraightedgeProcess start(Path log, String... arguments) throws Exception {
        return start(log, Main.class, arguments);
    }

    /** The same with another main class. */
    static StraightedgeProcess start(Path log, Class<?> main, String... arguments) throws Exception {
        return started(log, launch(log, main, arguments));
    }

    private static StraightedgeProcess started(Path log, Process process) throws Exception {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the process ended with " + process.waitFor() + "; see " + log);
        }
        return new StraightedgeProcess(process, Json.tree(line.getBytes(StandardCharsets.UTF_8)));
    }

    /** Runs it to its end with {@code --json}; the JSON it printed. */
    static JsonNode run(Path log, int exitCode, String... arguments) throws Exception {
        Process process = launch(log, Main.class, arguments);
        byte[] printed = process.getInputStream().readAllBytes();
        int exited = process.waitFor();
        if (exited != exitCode) {
            throw new AssertionError("exit code " + exited + ", printed " + new String(printed, StandardCharsets.UTF_8)
                    + ", said " + Files.readString(log));
        }
        return Json.tree(printed);
    }

    /** The same as the launcher starts what runs for long: with both compilers. */
    static StraightedgeProcess startFast(Path log, String... arguments) throws Exception {
        List<String> options = new ArrayList<>(List.of(SERIAL));
        String more = System.getenv("STRAIGHTEDGE_JAVA_OPTS");
        options.addAll(
                more == null || more.isBlank()
                        ? List.of()
                        : List.of(more.strip().split("\\s+")));
        return started(log, launch(log, options, Main.class, arguments));
    }

    private static Process launch(Path log, Class<?> main, String... arguments) throws IOException {
        return launch(log, List.of(SERIAL, "-XX:TieredStopAtLevel=1"), main, arguments);
    }

    private static Process launch(Path log, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        command.add("--json");
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    String url() {
        return started.get("url").asText();
    }

    String bootstrapServers() {
        return started.get("bootstrapServers").asText();
    }

    /** Whether every part says that it is ready. */
    boolean ready() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/health/ready")).build();
        return HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    /** Processor time that it has taken so far, of all cores together. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** As Ctrl-C; the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process did not stop within 30 s of being asked to");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
