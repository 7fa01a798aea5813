package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LawJumpRuleTest {

    @Test
    void lossJumps_beyondItsOwnInterval_andNotWithin() {
        assertThat(LawJumpRule.lossJumps(2.5, 2.53, .01, 30)).isTrue();
        assertThat(LawJumpRule.lossJumps(2.5, 2.52, .01, 30)).isFalse();
        assertThat(LawJumpRule.lossJumps(2.5, 2.509, .001, 30)).isFalse();
        assertThat(LawJumpRule.lossJumps(2.5, 2.53, .01, 2)).isFalse();
    }

    @Test
    void sizeJumps_byAFactorOfTwoOfEnoughRuns() {
        assertThat(LawJumpRule.sizeJumps(1e9, 2e9, 12)).isTrue();
        assertThat(LawJumpRule.sizeJumps(2e9, 1e9, 12)).isTrue();
        assertThat(LawJumpRule.sizeJumps(1e9, 1.9e9, 12)).isFalse();
        assertThat(LawJumpRule.sizeJumps(1e9, 9e9, 11)).isFalse();
    }
}
