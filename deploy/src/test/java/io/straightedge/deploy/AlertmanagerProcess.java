package io.straightedge.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** An Alertmanager of Debian's package, on the loopback address, that tells a webhook within a second. */
final class AlertmanagerProcess implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/bin/prometheus-alertmanager");
    private static final Duration START = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private AlertmanagerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** A new one. Without the program the test is skipped with the reason, but on CI, where it fails. */
    static AlertmanagerProcess start(Path folder, URI webhook) throws Exception {
        if (!Files.isExecutable(BINARY)) {
            String reason = BINARY + " is not there: apt-get install prometheus-alertmanager";
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                throw new AssertionError("on CI this test must run: " + reason);
            }
            Assumptions.abort(reason);
        }
        Path config = Files.writeString(folder.resolve("alertmanager.yml"), """
                route:
                  receiver: hook
                  group_by: ['...']
                  group_wait: 1s
                  group_interval: 1s
                  repeat_interval: 4h
                receivers:
                  - name: hook
                    webhook_configs:
                      - url: %s
                        send_resolved: true
                """.formatted(webhook));
        int port = freePort();
        Process process = new ProcessBuilder(
                        BINARY.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("alertmanager"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile())
                .start();
        AlertmanagerProcess started = new AlertmanagerProcess(process, port);
        try {
            Await.until("Alertmanager is ready", START, started::ready);
        } catch (Exception | AssertionError e) {
            started.close();
            throw e;
        }
        return started;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What it holds, resolved alerts left out. */
    JsonNode alerts() throws Exception {
        return Json.tree(get("/api/v2/alerts").body());
    }

    private boolean ready() throws Exception {
        if (!process.isAlive()) {
            throw new AssertionError("Alertmanager ended with " + process.exitValue());
        }
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url() + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
