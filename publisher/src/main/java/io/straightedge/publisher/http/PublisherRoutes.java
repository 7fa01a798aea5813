package io.straightedge.publisher.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.publisher.predict.Candidate;
import io.straightedge.publisher.predict.Circumstances;
import io.straightedge.publisher.view.RunId;
import io.straightedge.publisher.view.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The routes of API and dashboard; see {@code openapi.json}.
 *
 * <p>A run is {@code /v1/runs/{study}/{run}}, each name percent-encoded by itself, slashes included ({@code %2F});
 * {@code /v1/runs/{run}} will do while only one study has such a run. Below it, {@code what-if} lists its forecasts under
 * other plans.
 */
public final class PublisherRoutes implements Consumer<HttpServerRoutes> {

    private static final String STUDIES = "/v1/studies";
    private static final String RUNS = "/v1/runs";
    private static final String TRACK_RECORD = "track-record";
    private static final String WHAT_IF = "what-if";
    private static final String BUDGET = "budget";

    /** The numbers that a recommendation can be asked with, each with an example. */
    private static final SortedMap<String, String> NUMBERS = new TreeMap<>(Map.of(
            BUDGET,
            "1e21",
            "inferenceTokens",
            "1e12",
            "uniqueTokens",
            "1e11",
            "maxTokens",
            "1e11",
            "params",
            "7e9",
            "tokens",
            "2e12"));

    private static final String LIST_OF_STUDIES = "GET /v1/studies lists what there is";

    private final View view;
    private final AlertRoutes alerts;
    private final EventStream stream;
    private final StaticFiles files = new StaticFiles();

    public PublisherRoutes(View view, CommandOutlet outlet) {
        this.view = view;
        this.alerts = new AlertRoutes(view, outlet);
        this.stream = new EventStream(view);
    }

    private interface Handler {
        Publisher<Void> handle(Answers answers, Address address, HttpServerResponse response);
    }

    @Override
    public void accept(HttpServerRoutes routes) {
        at(routes, STUDIES, (answers, address, response) -> Reply.json(response, answers.studies()));
        below(routes, STUDIES, this::study);
        at(routes, RUNS, ofStudy(Answers::runs));
        below(routes, RUNS, this::run);
        at(routes, "/v1/predictions", ofStudy(Answers::predictions));
        at(routes, "/v1/deviations", ofStudy(Answers::deviations));
        at(routes, "/v1/recommendations", this::recommendations);
        at(routes, "/v1/stream", (answers, address, response) -> stream.serve(answers, response));
        alerts.accept(routes);
        files.routes(routes);
    }

    private Publisher<Void> study(Answers answers, Address address, HttpServerResponse response) {
        String study = address.segment(2);
        String part = address.segment(3);
        boolean track = TRACK_RECORD.equals(part) && address.segment(4) == null;
        if (study == null || (part != null && !track)) {
            return unknown(
                    response,
                    "no such address",
                    "give /v1/studies/{study} or /v1/studies/{study}/track-record, the name percent-encoded");
        }
        Object answer = track ? answers.trackRecord(study) : answers.study(study);
        return Reply.jsonOr404(response, answer, "no study is called " + study, LIST_OF_STUDIES);
    }

    private Publisher<Void> run(Answers answers, Address address, HttpServerResponse response) {
        String first = address.segment(2);
        String second = address.segment(3);
        String part = address.segment(4);
        boolean whatIf = WHAT_IF.equals(part) && address.segment(5) == null;
        if (first == null || (part != null && !whatIf)) {
            return unknown(response, "no such address", "give /v1/runs/{study}/{run}, each name percent-encoded");
        }
        if (second != null) {
            RunId id = new RunId(first, second);
            return Reply.jsonOr404(
                    response,
                    whatIf ? answers.whatIf(id) : answers.run(id),
                    "study " + first + " has no run called " + second,
                    "GET /v1/runs?study= lists what there is");
        }
        List<RunId> candidates = answers.named(first);
        if (candidates.size() > 1) {
            return Reply.problem(
                    response,
                    HttpResponseStatus.CONFLICT,
                    candidates.size() + " studies have a run called " + first,
                    "give /v1/runs/{study}/{run}");
        }
        return Reply.jsonOr404(
                response,
                candidates.isEmpty() ? null : answers.run(candidates.get(0)),
                "no run is called " + first,
                "GET /v1/runs lists what there is");
    }

    private Publisher<Void> recommendations(Answers answers, Address address, HttpServerResponse response) {
        Map<String, Double> given = new HashMap<>();
        for (Map.Entry<String, String> example : NUMBERS.entrySet()) {
            String name = example.getKey();
            String text = address.parameter(name);
            Double value = text == null ? null : positive(text);
            if (text != null && value == null) {
                return refused(
                        response,
                        name + " is not a number of " + (name.equals(BUDGET) ? "FLOPs" : unit(name)),
                        "give a finite number above 0, like " + name + "=" + example.getValue());
            }
            if (value != null) {
                given.put(name, value);
            }
        }
        Circumstances known = new Circumstances(
                given.get("inferenceTokens"),
                given.get("uniqueTokens"),
                given.get("maxTokens"),
                given.get("params"),
                given.get("tokens"));
        Double budgetFlops = given.containsKey(BUDGET) ? given.get(BUDGET) : cost(known);
        if (budgetFlops == null && !known.equals(Circumstances.NONE)) {
            return refused(
                    response,
                    "no budget is given to advise on",
                    "give budget=1e21, or the plan's params and tokens, whose cost is then the budget");
        }
        return ofStudy((all, study) -> all.budgets(study, budgetFlops, known)).handle(answers, address, response);
    }

    private static String unit(String name) {
        return name.equals("params") ? "parameters" : "tokens";
    }

    /** What the user's own plan costs; null when it is not complete. */
    private static @Nullable Double cost(Circumstances known) {
        Double params = known.params();
        Double tokens = known.tokens();
        double flops = params == null || tokens == null ? Double.NaN : new Candidate(params, tokens).flops();
        return flops > 0 && flops < Double.POSITIVE_INFINITY ? flops : null;
    }

    /** An answer about one study if the query names one, else about all that the caller may read. */
    private static Handler ofStudy(AboutStudy about) {
        return (answers, address, response) -> {
            String study = address.parameter("study");
            if (study != null && answers.study(study) == null) {
                return unknown(response, "no study is called " + study, LIST_OF_STUDIES);
            }
            return Reply.json(response, about.answer(answers, study));
        };
    }

    private interface AboutStudy {
        Object answer(Answers answers, @Nullable String study);
    }

    private static Publisher<Void> refused(HttpServerResponse response, String error, String hint) {
        return Reply.problem(response, HttpResponseStatus.BAD_REQUEST, error, hint);
    }

    private static Publisher<Void> unknown(HttpServerResponse response, String error, String hint) {
        return Reply.problem(response, HttpResponseStatus.NOT_FOUND, error, hint);
    }

    private static @Nullable Double positive(String text) {
        try {
            // In a query a plus sign means a space, and people write 1e+21.
            double value = Double.parseDouble(text.replace(' ', '+'));
            return value > 0 && value < Double.POSITIVE_INFINITY ? value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void at(HttpServerRoutes routes, String path, Handler handler) {
        route(routes, new At(HttpMethod.GET, path, false), handler);
    }

    private void below(HttpServerRoutes routes, String path, Handler handler) {
        route(routes, new At(HttpMethod.GET, path, true), handler);
    }

    private void route(HttpServerRoutes routes, At at, Handler handler) {
        routes.route(
                at,
                (request, response) -> Mono.deferContextual(context -> {
                    Answers answers = new Answers(new Visible(view, Caller.of(context), Scope.READ));
                    Address address = Address.of(request.uri());
                    return Mono.from(
                            address.segments() == null
                                    ? Reply.brokenEscape(response)
                                    : handler.handle(answers, address, response));
                }));
    }
}
