package io.straightedge.ingest.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.straightedge.ingest.http.Body;
import io.straightedge.ingest.http.Limits;
import io.straightedge.ingest.http.NotStored;
import io.straightedge.ingest.http.Refusal;
import io.straightedge.protocol.access.Allowance;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.RecordWriter.BusyException;
import io.straightedge.protocol.kafka.Tail;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The tracking server's routes.
 *
 * <p>Success is 200 with a JSON object, a failure {@code {"error_code","message"}} with the status that MLflow gives it.
 * 429 and 503 ask to come again. MLflow's Java client hangs for ever on the second 429 that has a body, and sends
 * anything but a 429 again at once: it gets an empty 429 for both.
 */
public final class MlflowRoutes implements Consumer<HttpServerRoutes> {

    /** What the endpoints' paths begin with. */
    public static final List<String> BASES = List.of("/api/2.0/mlflow", "/ajax-api/2.0/mlflow");

    /** What the paths of the newer API begin with, of which clients ask one thing before they log. */
    public static final List<String> NEWER_BASES = List.of("/api/3.0/mlflow", "/ajax-api/3.0/mlflow");

    /** The release whose protocol this is. */
    static final String VERSION = "2.17.2";

    private static final Logger LOG = LoggerFactory.getLogger(MlflowRoutes.class);
    private static final String JAVA_CLIENT = "mlflow-java-client/";
    private static final byte[] NOTHING = {'{', '}'};
    private static final int BUSY_SECONDS = 1;
    private static final int KAFKA_SECONDS = 5;

    private final TrackingStore store;
    private final MeterRegistry meters;
    private final Limits limits;
    private final NotStored notStored = new NotStored(LOG, "What MLflow clients sent");
    private final List<Endpoint> endpoints = new ArrayList<>();

    /** One operation; its path is relative to the bases. */
    private record Endpoint(
            HttpMethod method,
            String path,
            Function<Call, Mono<Map<String, Object>>> operation,
            Map<String, Counter> results) {

        Endpoint(HttpMethod method, String path, Function<Call, Mono<Map<String, Object>>> operation) {
            this(method, path, operation, new ConcurrentHashMap<>());
        }
    }

    private record Answer(int status, Map<String, Object> body, int retryAfterSeconds, String result) {}

    /**
     * Routes that know nothing yet: they answer once {@link #follow} has read the topic.
     *
     * @param writer of training events and tracking records
     * @param history where losses are read again
     */
    public MlflowRoutes(
            RecordWriter writer,
            int partitions,
            MeterRegistry meters,
            Limits limits,
            LossHistory history,
            Clock clock) {
        TrackingRecords records = new TrackingRecords(partitions);
        this.store = new TrackingStore(records);
        this.meters = meters;
        this.limits = limits;
        Outbox outbox = new Outbox(writer, records, limits.storeDeadline());
        Experiments experiments = new Experiments(store, outbox, clock);
        Runs runs = new Runs(store, experiments, outbox, clock);
        experiments(experiments);
        runs(runs, new Histories(runs, history));
    }

    private void experiments(Experiments experiments) {
        get("/experiments/get-by-name", experiments::byName);
        get("/experiments/get", experiments::get);
        post("/experiments/create", experiments::create);
        post("/experiments/search", experiments::search);
        get("/experiments/search", experiments::search);
        post("/experiments/set-experiment-tag", experiments::setTag);
    }

    private void runs(Runs runs, Histories histories) {
        post("/runs/create", runs::create);
        post("/runs/update", runs::update);
        post("/runs/delete", runs::delete);
        post("/runs/restore", runs::restore);
        get("/runs/get", runs::get);
        post("/runs/log-metric", runs::logMetric);
        post("/runs/log-batch", runs::logBatch);
        post("/runs/log-parameter", runs::logParameter);
        post("/runs/set-tag", runs::setTag);
        post("/runs/delete-tag", runs::deleteTag);
        post("/runs/search", runs::search);
        post("/runs/log-inputs", runs::ignored);
        post("/runs/outputs", runs::ignored);
        post("/runs/log-model", runs::ignored);
        get("/metrics/get-history", histories::get);
        get("/artifacts/list", MlflowRoutes::noArtifacts);
        post("/logged-models", MlflowRoutes::noModels);
        post("/logged-models/search", call -> Mono.just(Map.of("models", List.of())));
    }

    /** Rebuilds what is known from {@code tracking}, then follows it. */
    public Mono<Void> follow(Flux<Tail.Chunk> tracking) {
        return store.follow(tracking);
    }

    /** Whether requests are answered. */
    public boolean ready() {
        return store.ready();
    }

    @Override
    public void accept(HttpServerRoutes routes) {
        for (String base : BASES) {
            for (Endpoint endpoint : endpoints) {
                if (endpoint.method().equals(HttpMethod.GET)) {
                    routes.get(base + endpoint.path(), (request, response) -> handle(endpoint, request, response));
                } else {
                    routes.post(base + endpoint.path(), (request, response) -> handle(endpoint, request, response));
                }
            }
            String artifacts = base + "-artifacts/artifacts/**";
            Endpoint noArtifacts = new Endpoint(HttpMethod.GET, "artifacts", MlflowRoutes::noArtifacts);
            routes.get(artifacts, (request, response) -> handle(noArtifacts, request, response));
            routes.put(artifacts, (request, response) -> handle(noArtifacts, request, response));
            routes.post(artifacts, (request, response) -> handle(noArtifacts, request, response));
            Endpoint unknown = new Endpoint(HttpMethod.GET, "unknown", MlflowRoutes::unknown);
            routes.get(base + "/**", (request, response) -> handle(unknown, request, response));
            routes.post(base + "/**", (request, response) -> handle(unknown, request, response));
        }
        for (String base : NEWER_BASES) {
            Endpoint serverInfo = new Endpoint(HttpMethod.GET, "server-info", MlflowRoutes::serverInfo);
            Endpoint unknown = new Endpoint(HttpMethod.GET, "unknown", MlflowRoutes::unknown);
            routes.get(base + "/server-info", (request, response) -> handle(serverInfo, request, response));
            routes.get(base + "/**", (request, response) -> handle(unknown, request, response));
            routes.post(base + "/**", (request, response) -> handle(unknown, request, response));
        }
        routes.get("/health", (request, response) -> text(response, "OK"));
        routes.get("/version", (request, response) -> text(response, VERSION));
    }

    private void get(String path, Function<Call, Mono<Map<String, Object>>> operation) {
        endpoints.add(new Endpoint(HttpMethod.GET, path, operation));
    }

    private void post(String path, Function<Call, Mono<Map<String, Object>>> operation) {
        endpoints.add(new Endpoint(HttpMethod.POST, path, operation));
    }

    private static Mono<Map<String, Object>> noArtifacts(Call call) {
        throw new Refused(
                ErrorCode.NOT_IMPLEMENTED,
                "Straightedge keeps no artifacts: store them elsewhere, and log metrics, params and tags here.");
    }

    private static Mono<Map<String, Object>> noModels(Call call) {
        throw new Refused(
                ErrorCode.NOT_IMPLEMENTED,
                "Straightedge keeps no models: store them elsewhere, and log metrics, params and tags here.");
    }

    /** Clients of MLflow 3 that were told of a workspace ask whether there are any. */
    private static Mono<Map<String, Object>> serverInfo(Call call) {
        return Mono.just(Map.of("store_type", "Straightedge", "workspaces_enabled", false));
    }

    private static Mono<Map<String, Object>> unknown(Call call) {
        throw new Refused(ErrorCode.ENDPOINT_NOT_FOUND, "This part of MLflow's API is not served here.");
    }

    private Mono<Void> handle(Endpoint endpoint, HttpServerRequest request, HttpServerResponse response) {
        boolean javaClient =
                request.requestHeaders().get(HttpHeaderNames.USER_AGENT, "").startsWith(JAVA_CLIENT);
        return Mono.deferContextual(context -> fields(request)
                        .flatMap(
                                fields -> answer(endpoint, new Call(Caller.of(context), Allowance.of(context), fields)))
                        // The sender has gone: there is nobody to answer.
                        .onErrorResume(AbortedException.class, gone -> Mono.empty())
                        .onErrorResume(failure -> Mono.just(failed(failure))))
                .flatMap(answer -> {
                    requests(endpoint, answer.result()).increment();
                    return send(response, answer, javaClient);
                });
    }

    private Counter requests(Endpoint endpoint, String result) {
        return endpoint.results()
                .computeIfAbsent(
                        result,
                        of -> meters.counter(
                                "straightedge.mlflow.requests", "endpoint", endpoint.path(), "result", of));
    }

    private Mono<Answer> answer(Endpoint endpoint, Call call) {
        if (!store.ready()) {
            throw new Refused(ErrorCode.TEMPORARILY_UNAVAILABLE, "The runs are still being read: come again.");
        }
        return endpoint.operation().apply(call).map(body -> new Answer(200, body, 0, "ok"));
    }

    /** The request's fields: of the query, or of the JSON body, which some send with GET too, as MLflow's examples do. */
    private Mono<Fields> fields(HttpServerRequest request) {
        if (request.method().equals(HttpMethod.GET) && (request.uri().indexOf('?') >= 0 || !hasBody(request))) {
            return Mono.fromSupplier(() -> query(request.uri())).publishOn(Schedulers.parallel());
        }
        String encoding = request.requestHeaders().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        return Body.collect(request.receive().asByteArray(), limits)
                .defaultIfEmpty(new byte[0])
                .publishOn(Schedulers.parallel())
                .map(body -> json(encoding.equalsIgnoreCase("gzip") ? Body.inflate(body, limits) : body));
    }

    private static boolean hasBody(HttpServerRequest request) {
        return !request.requestHeaders()
                        .get(HttpHeaderNames.CONTENT_LENGTH, "0")
                        .equals("0")
                || request.requestHeaders().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private static Fields query(String uri) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        try {
            new QueryStringDecoder(uri).parameters().forEach((name, values) -> {
                object.put(name, values.get(0));
                values.forEach(object.putArray(name + "[]")::add);
            });
        } catch (IllegalArgumentException e) {
            throw new Refused(
                    ErrorCode.BAD_REQUEST,
                    "The address has a broken escape: a percent sign needs two hexadecimal digits.");
        }
        return new Fields(object);
    }

    private static Fields json(byte[] body) {
        try {
            JsonNode tree = body.length == 0 ? JsonNodeFactory.instance.objectNode() : Json.tree(body);
            if (!tree.isObject()) {
                throw new Refused(ErrorCode.BAD_REQUEST, "The body must be a JSON object.");
            }
            return new Fields(tree);
        } catch (MessageException e) {
            throw new Refused(ErrorCode.BAD_REQUEST, "The body is not JSON: " + e.getMessage());
        }
    }

    private Answer failed(Throwable failure) {
        if (failure instanceof Refused refused) {
            return failed(refused.code(), refused.status(), String.valueOf(refused.getMessage()), BUSY_SECONDS);
        }
        if (failure instanceof Refusal refusal) {
            Integer later = refusal.retryAfterSeconds();
            return failed(
                    later == null ? ErrorCode.BAD_REQUEST : ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    refusal.status(),
                    String.valueOf(refusal.getMessage()),
                    later == null ? 0 : later);
        }
        if (failure instanceof BusyException) {
            return failed(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    429,
                    "Too much is waiting for Kafka: nothing of this was taken.",
                    BUSY_SECONDS);
        }
        if (failure instanceof NullPointerException
                || failure instanceof IllegalArgumentException
                || failure instanceof IndexOutOfBoundsException
                || failure instanceof ClassCastException) {
            LOG.error("A request could not be handled", failure);
            return failed(ErrorCode.INTERNAL_ERROR, 500, "This is a fault of the server: its log says more.", 0);
        }
        notStored.because(failure);
        return failed(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                503,
                "Kafka did not store this in time: send it again.",
                KAFKA_SECONDS);
    }

    private Answer failed(ErrorCode code, int status, String message, int retryAfterSeconds) {
        meters.counter("straightedge.mlflow.rejected", "reason", code.name()).increment();
        Map<String, Object> body = Wire.object("error_code", code.name(), "message", message);
        return new Answer(status, body, status == 429 || status == 503 ? retryAfterSeconds : 0, code.name());
    }

    private static Mono<Void> send(HttpServerResponse response, Answer answer, boolean javaClient) {
        boolean again = answer.retryAfterSeconds() > 0;
        if (again) {
            response.header(HttpHeaderNames.RETRY_AFTER, Integer.toString(answer.retryAfterSeconds()));
        }
        if (again && javaClient) {
            return response.status(429)
                    .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                    .send();
        }
        if (answer.status() == 408 || answer.status() == 413) {
            // The rest of the body is unread: the connection cannot serve another request.
            response.keepAlive(false);
        }
        byte[] body = answer.body().isEmpty() ? NOTHING : Json.write(answer.body());
        return response.status(answer.status())
                .header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .sendByteArray(Mono.just(body))
                .then();
    }

    private static Mono<Void> text(HttpServerResponse response, String text) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .sendByteArray(Mono.just(text.getBytes(StandardCharsets.UTF_8)))
                .then();
    }
}
