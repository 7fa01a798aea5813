package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.publisher.Sample;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PublisherRoutesTest extends ServedSample {

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
    void json_anyAnswer_hasTheGuardsAndIsNotKept() throws Exception {
        for (String path : List.of("/v1/runs", "/v1/runs/none")) {
            HttpResponse<String> response = get(path);
            assertThat(header(response, "content-security-policy")).contains("default-src 'self'");
            assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(response, "cache-control")).isEqualTo("no-store");
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
}
