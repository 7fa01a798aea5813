package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request over a socket of its own, byte by byte as given: clients of a library do not send a wrong Host. */
final class Wire {

    /**
     * What came back.
     *
     * @param headers by lower-case name, the last of each
     */
    record Answer(int status, Map<String, String> headers, String body) {

        @Nullable
        String header(String name) {
            return headers.get(name);
        }
    }

    private final String method;
    private final String path;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String body = "";

    private Wire(String method, String path) {
        this.method = method;
        this.path = path;
    }

    static Wire request(String method, String path) {
        return new Wire(method, path);
    }

    static Wire get(String path) {
        return new Wire("GET", path);
    }

    static Wire post(String path, String type, String body) {
        Wire wire = new Wire("POST", path).with("Content-Type", type);
        wire.body = body;
        return wire;
    }

    Wire with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    Wire bearer(String token) {
        return with("Authorization", "Bearer " + token);
    }

    Answer to(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return over(socket, port);
        }
    }

    Answer over(Socket socket, int port) throws IOException {
        socket.setSoTimeout(20_000);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Host", "localhost:" + port);
        all.put("Connection", "close");
        if (!body.isEmpty()) {
            all.put("Content-Length", Integer.toString(body.getBytes(ISO_8859_1).length));
        }
        all.putAll(headers);
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        all.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream()
                .write(text.append("\r\n").append(body).toString().getBytes(ISO_8859_1));
        return parsed(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
    }

    static Answer parsed(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IllegalStateException("no answer but \"" + text + "\"");
        }
        String[] lines = text.substring(0, end).split("\r\n", -1);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(lines[0].split(" ", 3)[1]), headers, text.substring(end + 4));
    }
}
