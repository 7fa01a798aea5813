package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Learning rates that jump, and runs that do not learn. */
class RecipeRulesTest {

    @ParameterizedTest(name = "{5}")
    @CsvSource({
        "1e-3, 1e-3, 1, 1, STEADY, constant",
        "1e-3, 3e-4, 1, .3, PLANNED_JUMP, a drop that is planned",
        "1e-3, 3e-4, 1, 1, JUMP, a drop by hand",
        "1e-3, 1e-3, 1, .3, JUMP, a planned drop that did not come",
        "3e-4, 1e-3, .3, .3, JUMP, a rise",
        "1e-3, 9e-4, 1, .92, STEADY, a cosine between sparse logs",
        "NaN, 1e-3, 1, 1, STEADY, nothing logged before",
        "NaN, NaN, 1, .3, PLANNED_JUMP, nothing logged at all",
        "1e-3, 0, 1, .9, STEADY, a rate of zero",
        "1e-3, 3e-4, NaN, NaN, STEADY, no plan",
    })
    void rate_ofTwoObservations(
            double before, double now, double plannedBefore, double plannedNow, RateRule.Verdict verdict, String why) {
        assertThat(RateRule.of(before, now, plannedBefore, plannedNow)).as(why).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{7}")
    @CsvSource({
        "10.7, 2000, 2000, 10.8, 1, 50257, true, at guessing",
        "6.5, 2000, 2000, 10.8, 1, 50257, false, it learns",
        "10.7, 200, 200, 10.8, 1, 50257, false, too early",
        "10.7, 2000, 200, 10.8, 1, 50257, false, too few observations",
        "10.7, 290, 2000, 10.8, 1, 50257, false, still in the warm-up",
        "10.7, 2000, 2000, 10.8, 1, , true, no vocabulary: as in the beginning",
        "3.5, 2000, 2000, 3.7, 6050, , false, a branch that begins late",
        "2.2, 2000, 2000, 2.4, 1, , false, a model that was trained before",
        "4.1, 2000, 2000, 4.2, 1, , false, letters or the like: nobody knows",
    })
    void learns_byThen(
            double loss,
            double step,
            long observations,
            double firstLoss,
            double firstStep,
            Integer vocabulary,
            boolean fault,
            String why) {
        String found = NeverLearnsRule.fault(
                loss, step, observations, firstLoss, firstStep, 100, 10_000, vocabulary, Double.NaN);
        assertThat(found != null).as(why).isEqualTo(fault);
    }
}
