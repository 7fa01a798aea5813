package io.straightedge.publisher.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.RecordWriter.BusyException;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.view.View;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The routes about alerts and silences. An alert is {@code /v1/alerts/{id}}, its id percent-encoded as a whole.
 *
 * <p>What writes asks for {@code application/json}, or for DELETE: a page of another site cannot send either without
 * asking first, and is never answered yes. It answers 202 when the command is stored; the alert follows when the lane has
 * read it.
 */
final class AlertRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(AlertRoutes.class);

    private static final String ALERTS = "/v1/alerts";
    private static final String SILENCES = "/v1/silences";
    private static final String ACKNOWLEDGE = "acknowledge";
    private static final String STATES = "pending, firing, acknowledged or resolved";
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final Duration BODY_WITHIN = Duration.ofSeconds(10);

    private final View view;
    private final CommandOutlet outlet;

    AlertRoutes(View view, CommandOutlet outlet) {
        this.view = view;
        this.outlet = outlet;
    }

    private interface Handler {
        Publisher<Void> handle(Asked asked, HttpServerRequest request, HttpServerResponse response);
    }

    /** Who asks, and where. */
    private record Asked(Caller caller, Answers answers, Address address) {

        /** What the caller's token is called; null where there are no tokens. */
        @Nullable
        String name() {
            return caller.equals(Caller.ANYONE) ? null : caller.name();
        }

        /** Commands about a study are for those who may administer it. */
        AlertCommand permitted(AlertCommand command) {
            if (!caller.may(Scope.ADMIN, command.study())) {
                throw new Refusal(
                        HttpResponseStatus.FORBIDDEN,
                        "this token has no scope admin for study " + command.study(),
                        "use a token made with --admin for the study");
            }
            return command;
        }
    }

    /** Something about a request that cannot be done; carries no stack trace. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient HttpResponseStatus status;
        private final String hint;

        Refusal(HttpResponseStatus status, String error, String hint) {
            super(error, null, false, false);
            this.status = status;
            this.hint = hint;
        }
    }

    void accept(HttpServerRoutes routes) {
        route(routes, new At(HttpMethod.GET, ALERTS, false), (asked, request, response) -> list(asked, response));
        route(routes, new At(HttpMethod.GET, ALERTS, true), (asked, request, response) -> one(asked, response));
        route(routes, new At(HttpMethod.POST, ALERTS, true), this::acknowledge);
        route(
                routes,
                new At(HttpMethod.GET, SILENCES, false),
                (asked, request, response) -> Reply.json(
                        response,
                        asked.answers.silences(
                                asked.address.parameter("study"), outlet.clock().instant())));
        route(routes, new At(HttpMethod.POST, SILENCES, false), this::silence);
        route(routes, new At(HttpMethod.DELETE, SILENCES, true), (asked, request, response) -> expire(asked, response));
    }

    private Publisher<Void> list(Asked asked, HttpServerResponse response) {
        String word = asked.address.parameter("state");
        Alert.State state = word == null ? null : state(word);
        if (word != null && state == null) {
            return Reply.problem(
                    response, HttpResponseStatus.BAD_REQUEST, "state is no state of an alert", "give " + STATES);
        }
        return Reply.json(response, asked.answers.alerts(asked.address.parameter("study"), state));
    }

    private static Alert.@Nullable State state(String word) {
        for (Alert.State state : Alert.State.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(word)) {
                return state;
            }
        }
        return null;
    }

    private Publisher<Void> one(Asked asked, HttpServerResponse response) {
        Address address = asked.address;
        String id = address.segment(2);
        Alert alert = id == null || address.segment(3) != null ? null : asked.answers.alert(id);
        return Reply.jsonOr404(response, alert, "no alert has this id", "GET /v1/alerts lists what there is");
    }

    private Publisher<Void> acknowledge(Asked asked, HttpServerRequest request, HttpServerResponse response) {
        Address address = asked.address;
        return commanded(asked, request, response, AlertBodies.Acknowledgement.class, body -> {
            String id = address.segment(2);
            boolean ours = ACKNOWLEDGE.equals(address.segment(3)) && address.segment(4) == null;
            Alert alert = id == null || !ours ? null : asked.answers.alert(id);
            if (alert == null) {
                throw new Refusal(
                        HttpResponseStatus.NOT_FOUND,
                        "no alert has this id",
                        "post to /v1/alerts/{id}/acknowledge, the id percent-encoded as a whole");
            }
            if (alert.state() == Alert.State.RESOLVED) {
                throw new Refusal(
                        HttpResponseStatus.CONFLICT, "the alert is resolved", "there is nothing left to take on");
            }
            return body.command(alert, asked.name(), outlet.clock().instant());
        });
    }

    private Publisher<Void> silence(Asked asked, HttpServerRequest request, HttpServerResponse response) {
        return commanded(
                asked,
                request,
                response,
                AlertBodies.Silence.class,
                body -> body.command(asked.name(), outlet.clock().instant()));
    }

    private Publisher<Void> expire(Asked asked, HttpServerResponse response) {
        return Mono.fromCallable(() -> {
                    Address address = asked.address;
                    Instant now = outlet.clock().instant();
                    String study = address.parameter("study");
                    String name = address.segment(2);
                    AlertCommand command = study == null || name == null || name.isBlank()
                            ? null
                            : AlertBodies.expired(study, name, asked.name(), now);
                    boolean known = command != null
                            && asked.answers.silences(study, now).silences().stream()
                                    .anyMatch(silence -> silence.key().equals(command.key()));
                    if (command == null || !known) {
                        throw new Refusal(
                                HttpResponseStatus.NOT_FOUND,
                                "the study has no such silence",
                                "give /v1/silences/{name}?study={study}; GET /v1/silences lists what there is");
                    }
                    return asked.permitted(command);
                })
                .transform(command -> stored(command, response));
    }

    private interface Making<T> {
        AlertCommand command(T body);
    }

    private <T> Publisher<Void> commanded(
            Asked asked, HttpServerRequest request, HttpServerResponse response, Class<T> type, Making<T> making) {
        return body(request)
                .map(bytes -> read(bytes, type))
                .map(making::command)
                .map(asked::permitted)
                .transform(command -> stored(command, response));
    }

    private Mono<Void> stored(Mono<AlertCommand> command, HttpServerResponse response) {
        return command.flatMap(known -> outlet.write(known).thenReturn(known))
                .<Publisher<Void>>map(known -> Reply.accepted(response, known))
                .onErrorResume(failure -> Mono.just(refused(failure, response)))
                .flatMap(Mono::from);
    }

    private static Publisher<Void> refused(Throwable failure, HttpServerResponse response) {
        if (failure instanceof Refusal refusal) {
            return Reply.problem(response, refusal.status, String.valueOf(refusal.getMessage()), refusal.hint);
        }
        if (failure instanceof IllegalArgumentException) {
            return Reply.problem(
                    response,
                    HttpResponseStatus.BAD_REQUEST,
                    String.valueOf(failure.getMessage()),
                    "see /openapi.json for what is asked for");
        }
        if (!(failure instanceof BusyException)) {
            LOG.warn("A command was not stored: {}", failure.toString());
        }
        return Reply.problem(
                response, HttpResponseStatus.SERVICE_UNAVAILABLE, "Kafka did not store the command", "try again");
    }

    private static <T> T read(byte[] body, Class<T> type) {
        try {
            return Json.read(body, type);
        } catch (MessageException e) {
            throw new IllegalArgumentException("the body is " + e.getMessage(), e);
        }
    }

    /** The body, refused when it is not declared to be JSON, is too large or too slow. */
    private static Mono<byte[]> body(HttpServerRequest request) {
        String type = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            return Mono.error(new Refusal(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the content type must be application/json",
                    "send Content-Type: application/json"));
        }
        return request.receive()
                .asByteArray()
                .reduceWith(ByteArrayOutputStream::new, AlertRoutes::add)
                .map(ByteArrayOutputStream::toByteArray)
                .timeout(
                        BODY_WITHIN,
                        Mono.error(() -> new Refusal(
                                HttpResponseStatus.REQUEST_TIMEOUT, "the body took too long", "send it at once")));
    }

    private static ByteArrayOutputStream add(ByteArrayOutputStream kept, byte[] chunk) {
        if (kept.size() + chunk.length > MAX_BODY_BYTES) {
            throw new Refusal(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "the body has more than " + MAX_BODY_BYTES + " bytes",
                    "send less");
        }
        kept.writeBytes(chunk);
        return kept;
    }

    private void route(HttpServerRoutes routes, At at, Handler handler) {
        routes.route(
                at,
                (request, response) -> Mono.deferContextual(context -> {
                    Caller caller = Caller.of(context);
                    Address address = Address.of(request.uri());
                    Scope scope = HttpMethod.GET.equals(at.method()) ? Scope.READ : Scope.ADMIN;
                    Asked asked = new Asked(caller, new Answers(new Visible(view, caller, scope)), address);
                    return Mono.from(
                            address.segments() == null
                                    ? Reply.brokenEscape(response)
                                    : handler.handle(asked, request, response));
                }));
    }
}
