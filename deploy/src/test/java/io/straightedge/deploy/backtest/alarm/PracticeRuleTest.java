package io.straightedge.deploy.backtest.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of others against values worked out by hand. */
class PracticeRuleTest {

    /** Indices at which the rule fires among n losses. */
    private static List<Integer> fired(PracticeRule rule, int n, IntToDoubleFunction loss) {
        List<Integer> fired = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (rule.fires(loss.applyAsDouble(i))) {
                fired.add(i);
            }
        }
        return fired;
    }

    /** 2 and 4 in turn: mean 3; squares of n deviations of 1 make n, so the sample's sd is sqrt(n / (n - 1)). */
    private static double inTurn(int i) {
        return i % 2 == 0 ? 2 : 4;
    }

    @ParameterizedTest
    @CsvSource({
        "29, 100, false, the window is not full",
        "30, 6.0, false, 3 sd are 3.0513 above 3",
        "30, 6.06, true, beyond 6.0513",
        "30, -0.04, false, below by less",
        "30, -0.06, true, below by more",
        "30, NaN, false, no number",
    })
    void zScore_ofThirtyInTurn_firesBeyondThreeSd(int before, double then, boolean fires, String why) {
        List<Integer> fired = fired(new PracticeRule.ZScore(), before + 1, i -> i < before ? inTurn(i) : then);
        assertThat(fired).as(why).isEqualTo(fires ? List.of(before) : List.of());
    }

    @Test
    void zScore_withTheWindowPast_forgetsWhatLeftIt() {
        assertThat(fired(new PracticeRule.ZScore(), 62, i -> i == 0 ? 50 : i == 31 ? 7 : inTurn(i)))
                .as("the 50 has left the window when the 7 comes")
                .containsExactly(31);
    }

    @ParameterizedTest
    @CsvSource({
        "63, 100, false, fewer than 64",
        "64, 9.04, false, 6 sd are 6.0474 above 3",
        "64, 9.05, true, beyond 9.0474",
        "64, -100, false, downwards",
        "200, 9.02, false, 6 sd of 128 are 6.0236",
        "200, 9.03, true, beyond 9.0236",
    })
    void meanPlusSigmas_ofManyInTurn_firesAboveSixSd(int before, double then, boolean fires, String why) {
        List<Integer> fired = fired(new PracticeRule.MeanPlusSigmas(), before + 1, i -> i < before ? inTurn(i) : then);
        assertThat(fired).as(why).isEqualTo(fires ? List.of(before) : List.of());
    }

    @Test
    void lossSpike_atTwiceTheMean_firesAtTheFifthInARow() {
        // The mean of the 100 before grows from 2 to 2 + .02 * 2 * n: 4.2 is at twice the mean for five, not 4.1.
        assertThat(fired(new PracticeRule.LossSpike(), 220, i -> i >= 210 && i < 215 ? 4.2 : 2))
                .containsExactly(214);
        assertThat(fired(new PracticeRule.LossSpike(), 220, i -> i >= 210 && i < 215 ? 4.1 : 2))
                .isEmpty();
        assertThat(fired(new PracticeRule.LossSpike(), 220, i -> i >= 210 && i < 214 ? 4.2 : 2))
                .as("four in a row")
                .isEmpty();
    }

    @Test
    void lossSpike_beforeTwoHundred_isSilent() {
        assertThat(fired(new PracticeRule.LossSpike(), 199, i -> i >= 150 && i < 160 ? 30 : 2))
                .isEmpty();
    }

    @Test
    void lossSpike_withHalfTheWindowHigh_firesOnceForEachTime() {
        // 6 to 10.5 is less than twice, so only the level counts: 50 of 100 are in the window when number 260 comes.
        assertThat(fired(
                        new PracticeRule.LossSpike(),
                        700,
                        i -> (i >= 210 && i < 300) || (i >= 500 && i < 600) ? 10.5 : 6))
                .containsExactly(260, 550);
    }
}
