package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that are used again and again, by requests that are answered at once and others that are answered from
 * another thread. reactor-netty 1.3.7 ceased to read some of these for ever (reactor/reactor-netty#4361).
 */
@Timeout(60)
final class KeepAliveTest {

    private static final int CLIENTS = 6;
    private static final int CONNECTIONS = 150;
    private static final int PATIENCE_MILLIS = 10_000;

    private static final List<String> PATHS =
            List.of("/api/2.0/mlflow/experiments/get?experiment_id=0", "/health", "/version", "/health/live");

    private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)", Pattern.CASE_INSENSITIVE);

    @TempDir
    private Path folder;

    @Test
    void connection_usedAgain_isAnsweredEachTime() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (OpenDoor door = OpenDoor.in(folder).allWaysIn().open()) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                running.add(clients.submit(() -> answered(door.port())));
            }
            int answered = 0;
            for (Future<Integer> client : running) {
                answered += client.get();
            }
            assertThat(answered).isEqualTo(CLIENTS * CONNECTIONS * 2 * PATHS.size());
        } finally {
            clients.shutdownNow();
        }
    }

    private static int answered(int port) throws IOException {
        int answered = 0;
        for (int i = 0; i < CONNECTIONS; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.setTcpNoDelay(true);
                for (int request = 0; request < 2 * PATHS.size(); request++) {
                    String head = "GET " + PATHS.get(request % PATHS.size()) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                    socket.getOutputStream().write(head.getBytes(ISO_8859_1));
                    answer(socket.getInputStream());
                    answered++;
                }
            }
        }
        return answered;
    }

    private static void answer(InputStream in) throws IOException {
        String head = until(in, "\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200");
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            in.readNBytes(Integer.parseInt(length.group(1)));
        } else {
            until(in, "0\r\n\r\n");
        }
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed after " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }
}
