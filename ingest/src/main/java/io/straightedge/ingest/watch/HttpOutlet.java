package io.straightedge.ingest.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Posts events to a gateway as lines of JSON, and keeps the positions in a local file, written after each batch is
 * acknowledged. A batch whose acknowledgement was lost is posted again: the fitter drops observations that it has, so that
 * nothing is counted twice.
 *
 * <p>A gateway that is away or busy is waited for, as long as it says or with capped backoff. Single events that it rejects
 * are said, counted and not sent again.
 */
public final class HttpOutlet implements Outlet {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_EVENTS = 1_000;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_ASKED_WAIT = Duration.ofMinutes(5);
    private static final String TOKEN_HINT =
            ": give a token with STRAIGHTEDGE_TOKEN or --token-file that may send to this study";

    private final URI events;
    private final @Nullable String token;
    private final StateFile state;
    private final Stop stop;
    private final Consumer<? super String> said;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private long rejected;

    /**
     * Opens the state file; asks the gateway for nothing yet.
     *
     * @param gateway {@code http://} or {@code https://}, host and port
     * @param token a bearer token; none is sent when null
     * @param said takes what people should know of
     * @throws IllegalArgumentException when the address is none
     */
    public HttpOutlet(URI gateway, @Nullable String token, Path stateFile, Stop stop, Consumer<? super String> said)
            throws IOException {
        String scheme = gateway.getScheme();
        if (gateway.getHost() == null
                || !("http".equals(scheme) || "https".equals(scheme))
                || gateway.getUserInfo() != null) {
            throw new IllegalArgumentException(gateway + " is no gateway: give https://host:port");
        }
        String path = gateway.getPath() == null ? "" : gateway.getPath().replaceAll("/+$", "");
        this.events = gateway.resolve(path + "/v1/events");
        this.token = token;
        this.stop = stop;
        this.said = said;
        this.state = StateFile.open(stateFile);
    }

    @Override
    public Collection<Position> load() {
        return state.positions();
    }

    /** Events that the gateway would not take. */
    public long rejected() {
        return rejected;
    }

    @Override
    public void send(List<TrainingEvent> batch, List<Position> positions) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int inBody = 0;
        for (TrainingEvent event : batch) {
            byte[] line = Json.write(event);
            if (inBody == MOST_EVENTS || (inBody > 0 && body.size() + line.length + 1 > MOST_BYTES)) {
                post(body.toByteArray());
                body.reset();
                inBody = 0;
            }
            body.writeBytes(line);
            body.write('\n');
            inBody++;
        }
        if (inBody > 0) {
            post(body.toByteArray());
        }
        state.save(positions);
    }

    private void post(byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(events)
                .timeout(ANSWER_WITHIN)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        HttpRequest request = builder.build();
        Duration wait = FIRST_WAIT;
        boolean told = false;
        while (true) {
            Duration asked = null;
            String why = "";
            HttpResponse<byte[]> answer = null;
            try {
                answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException e) {
                why = e instanceof ConnectException
                        ? "cannot be reached"
                        : "does not answer: "
                                + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            }
            if (answer != null) {
                if (taken(answer)) {
                    if (told) {
                        said.accept(events + " takes events again");
                    }
                    return;
                }
                asked = retryAfter(answer);
                why = "answers " + answer.statusCode();
            }
            if (!told) {
                told = true;
                said.accept(events + " " + why + "; trying again until it does");
            }
            if (stop.within(asked == null ? wait : asked)) {
                throw new InterruptedException("stopped while " + events + " was away");
            }
            wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
        }
    }

    /** Whether the gateway is done with the body; false when it is to be posted again. */
    private boolean taken(HttpResponse<byte[]> answer) throws IOException {
        int status = answer.statusCode();
        if (status == 200) {
            return true;
        }
        if (status == 408 || status == 429 || status >= 500) {
            return false;
        }
        JsonNode body;
        try {
            body = Json.tree(answer.body());
        } catch (MessageException e) {
            throw new IOException(events + " answers " + status + " and no JSON: is it a gateway of Straightedge?", e);
        }
        if (status == 400 && body.has("rejected") && body.path("rejectedCount").asLong() > 0) {
            rejected += body.path("rejectedCount").asLong();
            JsonNode first = body.path("rejected").path(0);
            said.accept(events + " rejected " + body.path("rejectedCount").asLong() + " events, the first because "
                    + first.path("reason").asText());
            return true;
        }
        throw new IOException(events + " answers " + status + " "
                + body.path("message").asText() + (status == 401 || status == 403 ? TOKEN_HINT : ""));
    }

    private static @Nullable Duration retryAfter(HttpResponse<?> answer) {
        String seconds = answer.headers().firstValue("Retry-After").orElse("");
        if (!seconds.matches("\\d{1,6}")) {
            return null;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(LONGEST_ASKED_WAIT) > 0 ? LONGEST_ASKED_WAIT : asked;
    }

    @Override
    public void close() {
        state.close();
    }
}
