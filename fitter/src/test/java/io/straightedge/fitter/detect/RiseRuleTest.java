package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.detect.RiseRule.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RiseRuleTest {

    private static final double SIGMA = .02;

    @Test
    void add_spikeThatComesBack_beginsAndEnds() {
        assertThat(verdicts(new RiseRule(), 3, 2.99, 2.98, 4.1, 3.9, 3.5, 3.2, 2.97))
                .containsExactly(
                        Verdict.CALM,
                        Verdict.CALM,
                        Verdict.CALM,
                        Verdict.SPIKE_BEGAN,
                        Verdict.LASTED,
                        Verdict.LASTED,
                        Verdict.ENDED,
                        Verdict.CALM);
    }

    @Test
    void add_riseThatStays_divergesOnce() {
        RiseRule rule = new RiseRule();
        verdicts(rule, 3, 3, 3);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 2 * RiseRule.DIVERGED_AFTER; i++) {
            verdicts.add(rule.add(100 + i, 5 + .01 * i, SIGMA));
        }
        assertThat(verdicts).first().isEqualTo(Verdict.SPIKE_BEGAN);
        assertThat(verdicts).containsOnlyOnce(Verdict.DIVERGED);
        assertThat(verdicts.get(RiseRule.DIVERGED_AFTER - 1)).isEqualTo(Verdict.DIVERGED);
        assertThat(rule.diverged()).isTrue();
        assertThat(rule.onsetStep()).isEqualTo(100);
        assertThat(rule.level()).isEqualTo(3);
    }

    @Test
    void add_noiseBelowTheLimit_staysCalm() {
        assertThat(verdicts(new RiseRule(), 3, 3.25, 2.96, 3.24, 3)).containsOnly(Verdict.CALM);
    }

    @Test
    void add_riseWithinTwelveSigma_staysCalm() {
        RiseRule rule = new RiseRule();
        assertThat(rule.add(1, 3, .1)).isEqualTo(Verdict.CALM);
        assertThat(rule.add(2, 3, .1)).isEqualTo(Verdict.CALM);
        assertThat(rule.add(3, 3, .1)).isEqualTo(Verdict.CALM);
        assertThat(rule.add(4, 4.1, .1)).isEqualTo(Verdict.CALM);
        assertThat(rule.add(5, 4.3, .1)).isEqualTo(Verdict.SPIKE_BEGAN);
    }

    @Test
    void add_aFirstLoss_isNoRise() {
        assertThat(verdicts(new RiseRule(), 12)).containsExactly(Verdict.CALM);
    }

    @Test
    void add_oneBefore_isEnoughForALargeRise() {
        RiseRule rule = new RiseRule();
        assertThat(rule.add(1, 6.4, Double.NaN)).isEqualTo(Verdict.CALM);
        assertThat(rule.add(2, 7.3, Double.NaN)).as("the noise is not known").isEqualTo(Verdict.CALM);
        assertThat(rule.add(3, 7.5, Double.NaN)).isEqualTo(Verdict.SPIKE_BEGAN);
        assertThat(rule.level()).isEqualTo(6.4, within(1e-6));
    }

    @Test
    void accept_risen_takesTheLevelForNormal() {
        RiseRule rule = new RiseRule();
        verdicts(rule, 3, 3, 3, 5);
        rule.accept();
        assertThat(verdicts(rule, 5, 5, 5, 5)).containsOnly(Verdict.CALM);
    }

    @Test
    void load_saved_goesOnTheSame() {
        RiseRule rule = new RiseRule();
        verdicts(rule, 3, 3, 3, 5, 5.5);
        ByteBuffer bytes = ByteBuffer.allocate(RiseRule.BYTES);
        rule.save(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        RiseRule restored = new RiseRule();
        restored.load(bytes.flip());
        assertThat(verdicts(restored, 5.4, 3.1)).isEqualTo(verdicts(rule, 5.4, 3.1));
    }

    private static List<Verdict> verdicts(RiseRule rule, double... losses) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            verdicts.add(rule.add(i, losses[i], SIGMA));
        }
        return verdicts;
    }
}
