package io.straightedge.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayedTest {

    private static final Replayed REPLAYED = new Replayed(List.of(
            new Replayed.Step(1e-4, Double.NaN),
            new Replayed.Step(0.01, 0.001),
            new Replayed.Step(0.1, -0.02),
            new Replayed.Step(0.5, 0.006),
            new Replayed.Step(1, -0.005)));

    @Test
    void firstGood_errorThatComesByChance_isCounted() {
        assertThat(REPLAYED.firstGood()).isEqualTo(0.01);
    }

    @Test
    void staysGood_errorThatGoesAgain_isNotCounted() {
        assertThat(REPLAYED.staysGood()).isEqualTo(0.5);
    }

    @Test
    void errorAt_share_isThatOfTheLastStepPaidFor() {
        assertThat(REPLAYED.errorAt(0.05)).isEqualTo(0.001);
        assertThat(REPLAYED.errorAt(0.1)).isEqualTo(0.02);
        assertThat(REPLAYED.errorAt(1e-3)).isEqualTo(Replayed.MOST_ERROR);
    }

    @Test
    void meanError_isOverDecadesOfShare() {
        double decades = 0.05 + 0.001 + (Math.log10(5) * 0.02 + Math.log10(2) * 0.006);

        assertThat(REPLAYED.meanError()).isCloseTo(decades / 3, within(1e-12));
    }

    @Test
    void meanError_ofNothingUntilTheEnd_isTheMost() {
        assertThat(new Replayed(List.of(new Replayed.Step(1, 0.001))).meanError())
                .isCloseTo(Replayed.MOST_ERROR, within(1e-12));
    }
}
