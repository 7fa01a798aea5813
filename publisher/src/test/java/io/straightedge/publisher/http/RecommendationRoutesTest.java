package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.publisher.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RecommendationRoutesTest extends ServedSample {

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
}
