package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import io.straightedge.publisher.predict.Predictions;
import io.straightedge.publisher.predict.Recommendations;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.view.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

@Timeout(60)
class PublisherRoutesTest {

    private static final String ODD_STUDY = "a/b+c <script>alert(1)</script> 100%";
    private static final String ODD_RUN = "étude/№1?x=#y&z";

    private static final String ALERT = "c4%2Fsame%2F0%2Fdrift%2F1000";

    private static final View VIEW = new View(new SimpleMeterRegistry());
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static DisposableServer server;
    private static long offset;

    @BeforeAll
    static void start() {
        LawEstimate law = Sample.law("c4", 7, Sample.points(2, 44e6, 90e6, 350e6), List.of(1e21, 1e22));
        take(Topics.LAW_ESTIMATES, law.key(), law);
        Recommendations.of(law).forEach(one -> take(Topics.RECOMMENDATIONS, one.key(), one));
        for (CurveEstimate curve : List.of(
                Sample.curve("c4", "small", 9e7, 2e9, 1),
                Sample.curve("c4", "same", 3e8, 6e9, 0.4),
                Sample.curve("other", "same", 3e8, 6e9, 0),
                Sample.curve(ODD_STUDY, ODD_RUN, 1e8, 2e9, 0.5))) {
            take(Topics.CURVE_ESTIMATES, curve.key(), curve);
            var prediction = Predictions.of(curve, curve.study().equals("c4") ? law : null);
            if (prediction != null) {
                take(Topics.PREDICTIONS, prediction.key(), prediction);
            }
            take(
                    Topics.DEVIATIONS,
                    curve.study() + "/" + curve.run(),
                    Sample.deviation(curve, Detector.SPIKE, 40, true, "up"));
        }
        ForecastScore score = Sample.score(Sample.curve("c4", "small", 9e7, 2e9, 1), 2.75);
        take(Topics.FORECAST_SCORES, score.key(), score);
        TrackRecord record = Sample.trackRecord("c4", "train", 7, 900);
        take(Topics.FORECAST_SCORES, record.key(), record);
        Alert alert = new AlertBook(RuleBook.DEFAULT)
                .apply(Found.by(Detector.DRIFT).study("c4").run("same").deviation())
                .get(0);
        take(Topics.ALERTS, alert.id(), alert);
        LawEstimate refusal = Sample.noLaw("other");
        take(Topics.LAW_ESTIMATES, refusal.key(), refusal);
        VIEW.apply(List.of(), true);
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(new PublisherRoutes(VIEW, new CommandOutlet(records -> Mono.empty(), 12, Clock.systemUTC())))
                .bindNow();
    }

    @AfterAll
    static void stop() {
        server.disposeNow();
    }

    @Test
    void studies_get_listsAll() throws Exception {
        assertThat(json("/v1/studies", 200).get("studies").findValuesAsText("study"))
                .containsExactly(ODD_STUDY, "c4", "other");
    }

    @Test
    void study_get_hasLawSummaryRecommendationsAndRuns() throws Exception {
        JsonNode study = json("/v1/studies/c4", 200);

        assertThat(study.at("/study/hasLaw").asBoolean()).isTrue();
        assertThat(study.at("/law/law/alpha").asDouble()).isEqualTo(Sample.LAW.alpha());
        assertThat(study.at("/summary/exponentOfParams/value").asDouble())
                .isCloseTo(Sample.LAW.exponentOfParams(), within(1e-12));
        assertThat(study.at("/recommendations").size()).isEqualTo(2);
        assertThat(study.at("/runs").findValuesAsText("run")).containsExactly("same", "small");
    }

    @Test
    void study_get_saysWhichRunToMakeNext() throws Exception {
        JsonNode next = json("/v1/studies/c4", 200).get("nextRuns");

        assertThat(next.get("rule").asText()).isEqualTo("variance");
        assertThat(next.at("/target/flops").asDouble()).isEqualTo(1e22);
        assertThat(next.at("/best/0/sdAfter").asDouble())
                .isLessThan(next.get("sd").asDouble());
        assertThat(next.at("/bySpend").size()).isPositive();
        JsonNode first = json("/v1/studies/other", 200).get("nextRuns");
        assertThat(first.get("rule").asText()).isEqualTo("space-filling");
        assertThat(first.at("/best/0/params").asDouble()).isPositive();
        assertThat(first.at("/notes/0").asText()).startsWith("no law yet");
    }

    @Test
    void trackRecord_ofAStudy_isBySplitAndEmptyBeforeTheFirstScore() throws Exception {
        JsonNode track = json("/v1/studies/c4/track-record", 200);
        assertThat(track.at("/splits/train/runs").asInt()).isEqualTo(7);
        JsonNode last = track.at("/splits/train/fractions/8");
        assertThat(last.get("fraction").asDouble()).isEqualTo(0.95);
        assertThat(last.get("coverage80").asDouble()).isBetween(0.7, 0.8);
        assertThat(last.at("/errors/medianPercent").asDouble()).isPositive();
        assertThat(last.at("/methods/history/n").asInt()).isEqualTo(4);
        assertThat(json("/v1/studies", 200).at("/studies/1/trackRecordId").asText())
                .isEqualTo("track/c4/train/900");
        assertThat(json("/v1/studies/" + encoded(ODD_STUDY) + "/track-record", 200)
                        .get("splits"))
                .isEmpty();
    }

    @Test
    void run_finished_hasWhatWasForecastAndWhyItIsNotScored() throws Exception {
        JsonNode score = json("/v1/runs/c4/small", 200).at("/splits/train/score");
        assertThat(score.get("finalLoss").asDouble()).isEqualTo(2.75);
        assertThat(score.at("/entries/0/unscored").asText()).startsWith("made for an end");
        assertThat(score.at("/entries/0").has("z")).isFalse();
        assertThat(score.at("/entries/1/z").asDouble()).isEqualTo(-0.5);
        assertThat(score.at("/entries/1/parts/law/scale").asDouble()).isEqualTo(0.02);
    }

    @Test
    void run_whileRunning_hasItsChanceAgainstItsSiblings() throws Exception {
        JsonNode chance = json("/v1/runs/c4/same", 200).get("chance");

        assertThat(chance.get("probability").asDouble()).isBetween(0.0, 1.0);
        assertThat(chance.at("/rival/run").asText()).isEqualTo("small");
        assertThat(chance.get("flopsLeft").asDouble()).isBetween(0.59 * 6 * 3e8 * 6e9, 0.61 * 6 * 3e8 * 6e9);
        assertThat(chance.get("lawLoss").asDouble()).isEqualTo(Sample.LAW.loss(3e8, 6e9));
        assertThat(chance.get("text").asText()).contains("chance to end below the best sibling, small");
        assertThat(json("/v1/runs/c4/small", 200).has("chance")).isFalse();
    }

    @Test
    void runs_ofAStudy_areThatStudysOnly() throws Exception {
        assertThat(json("/v1/runs", 200).get("runs").size()).isEqualTo(4);
        JsonNode runs = json("/v1/runs?study=c4", 200).get("runs");
        assertThat(runs.size()).isEqualTo(2);
        assertThat(runs.at("/1/status").asText()).isEqualTo("finished");
        assertThat(runs.at("/0/prediction/upper80").asDouble()).isPositive();
        assertThat(runs.at("/0/badges/0/detector").asText()).isEqualTo("spike");
        assertThat(runs.at("/0/badges/0/active").asBoolean()).isTrue();
    }

    @Test
    void run_byStudyAndName_hasCurveTrackAndDeviations() throws Exception {
        JsonNode run = json("/v1/runs/c4/same", 200);

        assertThat(run.at("/run/run").asText()).isEqualTo("same");
        assertThat(run.at("/splits/train/estimate/curve").size()).isGreaterThan(20);
        assertThat(run.at("/splits/train/track").size()).isEqualTo(1);
        assertThat(run.at("/splits/train/prediction/lawLoss").asDouble()).isPositive();
        assertThat(run.at("/deviations/0/message").asText()).isEqualTo("up");
    }

    @Test
    void whatIf_get_listsTheOtherPlansBesideTheRunsOwn() throws Exception {
        JsonNode answer = json("/v1/runs/c4/same/what-if", 200);
        CurveEstimate told = Sample.curve("c4", "same", 3e8, 6e9, 0.4);
        assertThat(answer.get("plannedSteps").asLong()).isEqualTo(told.plannedSteps());
        assertThat(answer.get("whatIf")).hasSize(2);
        assertThat(answer.at("/whatIf/0/name").asText()).isEqualTo("longer");
        assertThat(answer.at("/whatIf/0/finalLoss/mean").asDouble())
                .isLessThan(answer.at("/finalLoss/mean").asDouble());
        assertThat(answer.at("/whatIf/1/reason").asText()).isEqualTo("passed");
        assertThat(json("/v1/runs/c4/nothing/what-if", 404).has("hint")).isTrue();
        assertThat(json("/v1/runs/c4/same/otherwise", 404).has("hint")).isTrue();
    }

    @Test
    void run_byNameAlone_worksWhileItIsTheOnlyOne() throws Exception {
        assertThat(json("/v1/runs/small", 200).at("/run/study").asText()).isEqualTo("c4");
        assertThat(json("/v1/runs/c4%2Fsmall", 200).at("/run/run").asText()).isEqualTo("small");
        JsonNode problem = json("/v1/runs/same", 409);
        assertThat(problem.get("error").asText()).contains("2 studies");
        assertThat(problem.get("hint").asText()).contains("/v1/runs/{study}/{run}");
    }

    @Test
    void run_oddNames_surviveEncoding() throws Exception {
        JsonNode run = json("/v1/runs/" + encoded(ODD_STUDY) + "/" + encoded(ODD_RUN), 200);

        assertThat(run.at("/run/study").asText()).isEqualTo(ODD_STUDY);
        assertThat(run.at("/run/run").asText()).isEqualTo(ODD_RUN);
        assertThat(json("/v1/studies/" + encoded(ODD_STUDY), 200).at("/runs").size())
                .isEqualTo(1);
        assertThat(json("/v1/runs?study=" + encoded(ODD_STUDY), 200).at("/runs").size())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/studies/none",
                "/v1/studies/c4/more",
                "/v1/studies/c4/track-record/more",
                "/v1/studies/none/track-record",
                "/v1/studies/",
                "/v1/runs/none",
                "/v1/runs/c4/none",
                "/v1/runs/c4/same/more",
                "/v1/runs?study=none",
                "/v1/predictions?study=none",
                "/v1/recommendations?study=none",
                "/v1/deviations?study=%3Cscript%3E"
            })
    void get_unknownName_is404WithAHint(String path) throws Exception {
        JsonNode problem = json(path, 404);

        assertThat(problem.get("error").asText()).isNotBlank();
        assertThat(problem.get("hint").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../pom.xml", "/static/app.js", "/app.js/", "/webjars/uplot/1.6.30/uPlot.cjs.js"})
    void get_otherPaths_areNotOurs(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void get_brokenEscape_is400() throws Exception {
        String answer = raw("GET /v1/runs/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("broken percent escape");
    }

    @Test
    void post_anyRoute_isNotAnswered() throws Exception {
        HttpResponse<String> response = CLIENT.send(
                request("/v1/runs")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(404);
    }

    @Test
    void predictions_get_areAllOrOneStudys() throws Exception {
        assertThat(json("/v1/predictions", 200).get("predictions").size()).isEqualTo(3);
        JsonNode predictions = json("/v1/predictions?study=c4", 200).get("predictions");
        assertThat(predictions.findValuesAsText("basis")).containsExactly("curve", "curve");
    }

    @Test
    void deviations_get_areAllOrOneStudys() throws Exception {
        assertThat(json("/v1/deviations", 200).get("deviations").size()).isEqualTo(4);
        assertThat(json("/v1/deviations?study=other", 200).get("deviations").size())
                .isEqualTo(1);
    }

    @Test
    void alerts_get_areAllOrThoseOfAStudyOrState() throws Exception {
        assertThat(json("/v1/alerts", 200).get("alerts").size()).isEqualTo(1);
        assertThat(json("/v1/alerts?study=c4&state=firing", 200).get("alerts").size())
                .isEqualTo(1);
        assertThat(json("/v1/alerts?state=resolved", 200).get("alerts").size()).isZero();
        assertThat(json("/v1/alerts?study=other", 200).get("alerts").size()).isZero();
        assertThat(json("/v1/alerts?state=on", 400).get("hint").asText()).contains("firing");
        assertThat(json("/v1/alerts/" + ALERT, 200).get("id").asText()).isEqualTo("c4/same/0/drift/1000");
        assertThat(json("/v1/alerts/none", 404).get("hint").asText()).isNotBlank();
    }

    @Test
    void recommendations_get_arePublishedOnesAndReasonsForNone() throws Exception {
        JsonNode answer = json("/v1/recommendations", 200);

        assertThat(answer.get("recommendations").size()).isEqualTo(2);
        assertThat(answer.get("notes").toString()).contains("other has no law yet: 2 points");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5e20", "5e%2B20", "5e+20", "500000000000000000000"})
    void recommendations_withBudget_areComputedOnTheSpot(String budget) throws Exception {
        JsonNode one = json("/v1/recommendations?study=c4&budget=" + budget, 200)
                .get("recommendations")
                .get(0);

        assertThat(one.get("budgetFlops").asDouble()).isEqualTo(5e20);
        assertThat(one.at("/params/value").asDouble())
                .isEqualTo(Sample.LAW.optimum(5e20).params());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "NaN", "Infinity", "1e999", "much"})
    void recommendations_badBudget_is400(String budget) throws Exception {
        assertThat(json("/v1/recommendations?budget=" + budget, 400).get("hint").asText())
                .contains("budget=1e21");
    }

    @Test
    void recommendations_withCircumstances_adviseOnEach() throws Exception {
        JsonNode answer = json(
                "/v1/recommendations?study=c4&budget=1e22&inferenceTokens=1e12&uniqueTokens=1e10&maxTokens=2e10&params=2e10",
                200);
        JsonNode advice = answer.at("/advice/0");
        double best = Sample.LAW.optimum(1e22).params();

        assertThat(answer.at("/advice").size()).isEqualTo(1);
        assertThat(advice.get("optimum")).isEqualTo(answer.at("/recommendations/0"));
        assertThat(advice.at("/optimum/nearOptimal/lowerParams").asDouble()).isLessThan(best);
        assertThat(advice.at("/plan/params").asDouble()).isEqualTo(2e10);
        assertThat(advice.at("/plan/wastedFlops").asDouble()).isPositive();
        assertThat(advice.at("/otherSizes").size()).isEqualTo(4);
        assertThat(advice.at("/served/params").asDouble()).isLessThan(best);
        assertThat(advice.at("/repeated/epochs").asDouble()).isGreaterThan(1);
        assertThat(advice.at("/tokenLimited/binding").asBoolean()).isTrue();
    }

    @Test
    void recommendations_planWithoutBudget_isJudgedAtItsOwnCost() throws Exception {
        JsonNode advice = json("/v1/recommendations?study=c4&params=7e9&tokens=1.4e11", 200)
                .at("/advice/0");

        assertThat(advice.at("/optimum/budgetFlops").asDouble()).isEqualTo(6 * 7e9 * 1.4e11);
        assertThat(advice.at("/plan/flops").asDouble()).isEqualTo(6 * 7e9 * 1.4e11);
    }

    @Test
    void recommendations_withoutBudget_areThePublishedOnesOnly() throws Exception {
        JsonNode answer = json("/v1/recommendations?study=c4&uniqueTokens=", 200);

        assertThat(answer.get("advice")).isEmpty();
        assertThat(answer.at("/recommendations/0/nearOptimal/upperParams").asDouble())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "budget=1e21&inferenceTokens=-1, inferenceTokens is not a number of tokens, inferenceTokens=1e12",
        "budget=1e21&uniqueTokens=NaN, uniqueTokens is not a number of tokens, uniqueTokens=1e11",
        "budget=1e21&maxTokens=0, maxTokens is not a number of tokens, maxTokens=1e11",
        "budget=1e21&params=7B, params is not a number of parameters, params=7e9",
        "budget=1e21&tokens=Infinity, tokens is not a number of tokens, tokens=2e12",
        "params=7e9, no budget is given to advise on, budget=1e21",
        "inferenceTokens=1e12, no budget is given to advise on, budget=1e21",
        "params=1e200&tokens=1e200, no budget is given to advise on, budget=1e21"
    })
    void recommendations_badCircumstance_is400WithAHint(String query, String error, String hint) throws Exception {
        JsonNode problem = json("/v1/recommendations?study=c4&" + query, 400);

        assertThat(problem.get("error").asText()).isEqualTo(error);
        assertThat(problem.get("hint").asText()).contains(hint);
    }

    @Test
    void stream_get_beginsWithASnapshotAndTellsOfChanges() throws Exception {
        HttpResponse<InputStream> response =
                CLIENT.send(request("/v1/stream").header("Last-Event-ID", "77").build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).startsWith("text/event-stream");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(line(lines)).startsWith("retry: ");
            assertThat(line(lines)).isEqualTo("event: snapshot");
            assertThat(line(lines)).isEqualTo("id: 1");
            JsonNode snapshot = data(line(lines));
            assertThat(snapshot.get("caughtUp").asBoolean()).isTrue();
            assertThat(snapshot.get("runs").size()).isEqualTo(4);
            assertThat(line(lines)).isEmpty();

            CurveEstimate fresh = Sample.curve("stream", "new", 1e8, 2e9, 0.5);
            take(Topics.CURVE_ESTIMATES, fresh.key(), fresh);
            assertThat(line(lines)).isEqualTo("event: change");
            assertThat(line(lines)).isEqualTo("id: 2");
            assertThat(data(line(lines)).at("/runs/0/run").asText()).isEqualTo("new");
            assertThat(line(lines)).isEmpty();

            take(Topics.CURVE_ESTIMATES, fresh.key(), null);
            assertThat(line(lines)).isEqualTo("event: change");
            line(lines);
            JsonNode gone = data(line(lines));
            assertThat(gone.at("/goneRuns/0/run").asText()).isEqualTo("new");
            assertThat(gone.at("/goneStudies/0").asText()).isEqualTo("stream");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/, text/html; charset=utf-8",
                "/app.js, text/javascript; charset=utf-8",
                "/charts.js, text/javascript; charset=utf-8",
                "/style.css, text/css; charset=utf-8",
                "/icon.svg, image/svg+xml",
                "/openapi.json, application/json; charset=utf-8",
                "/webjars/uplot/1.6.30/uPlot.esm.js, text/javascript; charset=utf-8",
                "/webjars/uplot/1.6.30/uPlot.min.css, text/css; charset=utf-8"
            })
    void file_get_hasItsTypeATagAndTheGuards(String expected) throws Exception {
        String path = expected.substring(0, expected.indexOf(','));
        String type = expected.substring(expected.indexOf(',') + 2);

        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo(type);
        assertThat(header(response, "content-security-policy"))
                .contains("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(response, "referrer-policy")).isEqualTo("no-referrer");
        HttpResponse<String> again = CLIENT.send(
                request(path).header("If-None-Match", header(response, "etag")).build(), BodyHandlers.ofString());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void json_anyAnswer_hasTheGuardsAndIsNotKept() throws Exception {
        for (String path : List.of("/v1/runs", "/v1/runs/none")) {
            HttpResponse<String> response = get(path);
            assertThat(header(response, "content-security-policy")).contains("default-src 'self'");
            assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(response, "cache-control")).isEqualTo("no-store");
        }
    }

    @Test
    void page_everyModuleItNames_isServed() throws Exception {
        for (String name : staticFiles()) {
            if (name.endsWith(".js")) {
                String script = get("/" + name).body();
                for (String line : script.lines().toList()) {
                    if (line.startsWith("import ")) {
                        String target =
                                line.replaceAll(".* from '(.*)';$", "$1").replaceFirst("^\\./", "/");
                        assertThat(get(target).statusCode())
                                .as(name + " imports " + target)
                                .isEqualTo(200);
                    }
                }
            }
        }
    }

    @Test
    void page_sources_neverParseTextAsMarkupAndHoldNothingInline() throws Exception {
        for (String name : staticFiles()) {
            String source = get(name.equals("index.html") ? "/" : "/" + name).body();
            assertThat(source)
                    .as(name)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")
                    .doesNotContainPattern("(?i)<script(?![^>]* src=)[^>]*>")
                    .doesNotContainPattern("(?i)\\sstyle=")
                    .doesNotContainPattern("(?i)<[a-z][^>]*\\son[a-z]+=");
        }
    }

    @Test
    void openapi_everyPath_isServed() throws Exception {
        JsonNode paths = json("/openapi.json", 200).get("paths");

        assertThat(paths.size()).isEqualTo(16);
        for (String path : (Iterable<String>) paths::fieldNames) {
            if (!Objects.requireNonNull(paths.get(path)).has("get")) {
                continue; // What writes is in AlertRoutesTest.
            }
            String real =
                    path.replace("{study}", "c4").replace("{run}", "small").replace("{id}", ALERT);
            HttpResponse<InputStream> response = CLIENT.send(request(real).build(), BodyHandlers.ofInputStream());
            response.body().close();
            assertThat(response.statusCode()).as(path).isEqualTo(200);
        }
    }

    private static List<String> staticFiles() throws Exception {
        Path folder = Path.of(Objects.requireNonNull(PublisherRoutes.class.getResource("/static/index.html"))
                        .toURI())
                .resolveSibling("");
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertThat(names).hasSizeGreaterThan(10);
            return names;
        }
    }

    private static void take(String topic, String key, @Nullable Object message) {
        VIEW.apply(List.of(Sample.record(topic, offset++, key, message)), false);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return CLIENT.send(request(path).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(String path, int status) throws IOException, InterruptedException, MessageException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(status);
        assertThat(header(response, "content-type")).isEqualTo("application/json; charset=utf-8");
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String line(BufferedReader lines) throws IOException {
        return Objects.requireNonNull(lines.readLine());
    }

    private static JsonNode data(String line) throws MessageException {
        assertThat(line).startsWith("data: ");
        return Json.tree(line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8));
    }
}
