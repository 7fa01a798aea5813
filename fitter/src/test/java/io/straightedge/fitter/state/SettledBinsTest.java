package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which bins a fit may use: a bin is settled when the next observation is due beyond it. */
class SettledBinsTest {

    private final SplitState split = new SplitState();

    private boolean observe(long step) {
        split.lastStep = step;
        boolean refit = split.observe(step, 3 + 1.0 / step, 0);
        if (refit) {
            split.fitBins = split.fittedBins();
        }
        return refit;
    }

    @Test
    void observe_oneObservationABin_usesEachAtOnce() {
        observe(1000);
        assertThat(split.fittedBins()).as("no spacing is known yet").isZero();
        for (int i = 1; i < 6; i++) {
            assertThat(observe(1000 + 500L * i)).isTrue();
            assertThat(split.fittedBins()).isEqualTo(split.bins.size());
        }
    }

    /** From 2^16 on a bin is wider than 5,000 steps: the bin of 65,536 is full with 70,000, the last before 71,468. */
    @Test
    void observe_severalObservationsABin_usesItWithTheLast() {
        List<Boolean> refits = LongStream.iterate(66_000, step -> step + 1000)
                .limit(7)
                .mapToObj(this::observe)
                .toList();
        assertThat(refits).containsExactly(false, false, false, false, false, true, false);
        assertThat(split.fitBins).isEqualTo(1);
    }

    @Test
    void observe_anotherInABinAlreadyUsed_fitsAgainWithoutIt() {
        observe(40_000);
        assertThat(observe(70_000)).as("the next is due at 100,000").isTrue();
        assertThat(split.fitBins).isEqualTo(2);
        assertThat(observe(70_001)).as("it came in the same bin").isTrue();
        assertThat(split.fitBins).isEqualTo(1);
        assertThat(observe(70_002)).isFalse();
    }

    @Test
    void rewind_keepsTheSpacingOfTheLog() {
        observe(1000);
        observe(1500);
        split.rewind(1200, 0);
        observe(1300);
        assertThat(split.fittedBins()).isEqualTo(split.bins.size());
    }
}
