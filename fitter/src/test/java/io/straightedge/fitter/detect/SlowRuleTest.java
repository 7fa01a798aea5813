package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.detect.SlowRule.Verdict;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SlowRuleTest {

    @Test
    void closed_farAboveItsForecast_beginsGoesOnAndEnds() {
        SlowRule rule = new SlowRule();
        for (int bin = 40; bin < 44; bin++) {
            rule.expect(bin, 3, .01);
        }
        assertThat(rule.closed(40, 100, 3.02, 10_000, .04, .5, true)).as("2 sd").isEqualTo(Verdict.CALM);
        assertThat(rule.closed(41, 110, 3.04, 10_000, .04, .5, true)).isEqualTo(Verdict.BEGAN);
        assertThat(rule.upwards()).isTrue();
        assertThat(rule.onsetStep()).isEqualTo(110);
        assertThat(rule.sizeNats()).isCloseTo(.04, within(1e-6));
        assertThat(rule.z()).isCloseTo(4, within(.01));
        assertThat(rule.closed(42, 120, 3.03, 10_000, .04, .5, true)).isEqualTo(Verdict.ON);
        assertThat(rule.closed(43, 130, 3.01, 10_000, .04, .5, true)).isEqualTo(Verdict.ENDED);
        assertThat(rule.deviates()).isFalse();
    }

    @Test
    void closed_farBelow_countsOnlyWhereTheRateIsKnown() {
        SlowRule rule = new SlowRule();
        rule.expect(40, 3, .01);
        assertThat(rule.closed(40, 100, 2.9, 1000, .04, .5, false)).isEqualTo(Verdict.CALM);
        assertThat(rule.closed(40, 100, 2.9, 1000, .04, .5, true)).isEqualTo(Verdict.BEGAN);
        assertThat(rule.upwards()).isFalse();
    }

    @Test
    void closed_fewObservations_forgiveTheirNoise() {
        SlowRule rule = new SlowRule();
        rule.expect(40, 3, .001);
        assertThat(rule.closed(40, 100, 3.05, 4, .04, .5, true)).isEqualTo(Verdict.CALM);
        assertThat(rule.closed(40, 100, 3.05, 400, .04, .5, true)).isEqualTo(Verdict.BEGAN);
    }

    @Test
    void closed_notForecast_saysNothing() {
        assertThat(new SlowRule().closed(40, 100, 9, 100, .04, .5, true)).isEqualTo(Verdict.CALM);
    }

    @Test
    void rarity_atTheQuantiles_isTheirShareOfBins() {
        SlowRule rule = new SlowRule();
        rule.expect(40, 3, 1);
        rule.closed(40, 1, 3 + 3.0, 1, 0, .5, true);
        assertThat(rule.rarity()).as("one bin of one observation in a hundred").isCloseTo(2, within(1e-6));
        rule.closed(40, 1, 3 + 1.9, 1000, 0, .5, true);
        assertThat(rule.rarity()).as("one bin of a thousand in twenty").isCloseTo(4.301, within(1e-3));
    }

    @Test
    void load_saved_isTheSame() {
        SlowRule rule = new SlowRule();
        for (int bin = 40; bin < 46; bin++) {
            rule.expect(bin, bin, .01);
        }
        rule.closed(40, 100, 39, 10, .04, .5, true);
        ByteBuffer bytes = ByteBuffer.allocate(200);
        rule.save(bytes);
        SlowRule restored = new SlowRule();
        restored.load(bytes.flip());
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(restored.deviates()).isTrue();
        assertThat(restored.upwards()).isFalse();
        assertThat(restored.expects(45)).isTrue();
        assertThat(restored.expects(39)).isFalse();
        assertThat(restored.closed(41, 110, 41, 10, .04, .5, true)).isEqualTo(Verdict.ENDED);
    }
}
