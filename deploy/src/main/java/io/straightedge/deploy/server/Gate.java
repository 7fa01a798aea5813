package io.straightedge.deploy.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.straightedge.deploy.access.Buckets;
import io.straightedge.deploy.access.Token;
import io.straightedge.protocol.access.Allowance;
import io.straightedge.protocol.access.Caller;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Lets a request through to its handler when its policy admits who makes it: credentials, then rate, then forgery, then
 * scope, then study. The handler finds the caller and the caller's allowance in its Reactor context.
 */
final class Gate implements GuardedRoutes.Guard {

    /** What the page's own requests carry and no form of another site can. */
    static final String PAGE_HEADER = "X-Requested-With";

    static final String PAGE_VALUE = "straightedge";

    /** May nothing: who uses what is public. */
    private static final Caller NOBODY = new Caller("nobody", Map.of());

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Duration STILL_VALID = Duration.ofSeconds(5);
    private static final int MAX_TOKENS = 100_000;

    private final @Nullable Credentials credentials;
    private final Rejections rejections;
    private final Buckets requests;
    private final Buckets points;

    /**
     * Before all routes.
     *
     * @param credentials null to let everyone do everything
     */
    Gate(@Nullable Credentials credentials, Rejections rejections, DoorLimits limits, LongSupplier nanoTime) {
        this.credentials = credentials;
        this.rejections = rejections;
        this.requests = new Buckets(limits.requestsPerSecond(), limits.requestsBurst(), MAX_TOKENS, nanoTime);
        this.points = new Buckets(limits.pointsPerSecond(), limits.pointsBurst(), MAX_TOKENS, nanoTime);
    }

    @Override
    public Publisher<Void> pass(
            Policy policy, HttpServerRequest request, HttpServerResponse response, GuardedRoutes.Handler handler) {
        if (credentials == null) {
            return run(handler, request, response, Caller.ANYONE, Allowance.UNBOUNDED);
        }
        if (policy.open()) {
            return run(handler, request, response, NOBODY, Allowance.UNBOUNDED);
        }
        Credentials.Shown shown = credentials.of(request);
        Token token = shown.token();
        if (token == null) {
            return credentials.demand(shown, request, response);
        }
        int seconds = requests.take(token.name(), 1);
        if (seconds > 0) {
            return rejections.later(request, response, "rate", seconds, "this token asks too often");
        }
        if (shown.byCookie() && !SAFE.contains(request.method()) && !fromThePage(request)) {
            return rejections.answer(
                    request, response, 403, "forgery", "a session of the page serves the page alone: send a token");
        }
        Caller caller = token.caller();
        if (!policy.scopeOf(caller)) {
            String everywhere = policy.where() == Policy.Where.EVERYWHERE ? " for all studies" : "";
            return rejections.answer(
                    request, response, 403, "scope", "this token has no scope " + words(policy) + everywhere);
        }
        if (!studies(policy, request.uri()).stream().allMatch(study -> policy.permits(caller, study))) {
            return rejections.answer(
                    request, response, 403, "project", "this token has no scope " + words(policy) + " for that study");
        }
        Mono<Void> run = run(handler, request, response, caller, amount -> points.take(token.name(), amount));
        // A stream may last for hours: it ends with its token, and its connection with it.
        return run.takeUntilOther(Flux.interval(STILL_VALID)
                .onBackpressureDrop()
                .filter(tick -> credentials.revoked(token))
                .next()
                .doOnNext(revoked -> request.withConnection(DisposableChannel::dispose)));
    }

    /** What answers when no route does: the same to everyone who has no token, whatever they ask for. */
    Publisher<Void> nothing(HttpServerRequest request, HttpServerResponse response) {
        if (credentials != null) {
            Credentials.Shown shown = credentials.of(request);
            if (shown.token() == null) {
                return credentials.demand(shown, request, response);
            }
        }
        return rejections.answer(request, response, 404, "not_found", "there is nothing at this address");
    }

    private Mono<Void> run(
            GuardedRoutes.Handler handler,
            HttpServerRequest request,
            HttpServerResponse response,
            Caller caller,
            Allowance allowance) {
        return Mono.defer(() -> Mono.from(handler.apply(request, response)))
                .doOnSuccess(done -> rejections.countAnswer(response.status().code()))
                .contextWrite(context -> context.put(Caller.class, caller).put(Allowance.class, allowance));
    }

    private static boolean fromThePage(HttpServerRequest request) {
        return request.requestHeaders().contains(HttpHeaderNames.ORIGIN)
                && PAGE_VALUE.equals(request.requestHeaders().get(PAGE_HEADER));
    }

    private static String words(Policy policy) {
        return policy.anyOf().stream()
                .sorted()
                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
    }

    /** The studies that the address names; a broken escape names none, and the route refuses it. */
    static List<String> studies(Policy policy, String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        try {
            return switch (policy.where()) {
                case QUERY ->
                    decoder.parameters().getOrDefault("study", List.of()).stream()
                            .filter(study -> !study.isEmpty())
                            .toList();
                case PATH -> inPath(decoder.rawPath());
                default -> List.of();
            };
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static List<String> inPath(String path) {
        String[] segments = path.split("/", -1);
        // "", "v1", "studies", study  or  "", "v1", "runs", study, run
        boolean named = segments.length > 4 || (segments.length > 3 && segments[2].equals("studies"));
        return named ? List.of(URLDecoder.decode(segments[3].replace("+", "%2B"), StandardCharsets.UTF_8)) : List.of();
    }
}
