package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.detect.StallRule.Verdict;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StallRuleTest {

    @Test
    void check_longerThanTheLastTwoIntervals_beginsOnce() {
        StallRule rule = loggedEvery(100_000);
        long last = 9 * 100_000;
        assertThat(rule.check(last + 200_000)).isEqualTo(Verdict.CALM);
        assertThat(rule.check(last + 200_001)).isEqualTo(Verdict.BEGAN);
        assertThat(rule.check(last + 299_999)).isEqualTo(Verdict.CALM);
        assertThat(rule.check(last + 300_000)).as("five minutes").isEqualTo(Verdict.LASTED);
        assertThat(rule.check(last + 300_001)).isEqualTo(Verdict.CALM);
        assertThat(rule.check(last + 900_000)).as("fifteen minutes").isEqualTo(Verdict.LASTED);
        assertThat(rule.add(last + 1_000_000)).as("it comes back").isTrue();
        assertThat(rule.add(last + 1_100_000)).isFalse();
    }

    @Test
    void check_fastLogs_waitForTheFloor() {
        StallRule rule = loggedEvery(100);
        assertThat(rule.check(900 + StallRule.FLOOR_MILLIS)).isEqualTo(Verdict.CALM);
        assertThat(rule.check(901 + StallRule.FLOOR_MILLIS)).isEqualTo(Verdict.BEGAN);
    }

    @Test
    void check_evaluationsWithinTheWindow_areNoSilence() {
        StallRule rule = new StallRule();
        long now = 0;
        for (int i = 0; i < 9; i++) {
            now += i == 4 ? 600_000 : 30_000;
            rule.add(now);
        }
        assertThat(rule.check(now + 600_000)).isEqualTo(Verdict.CALM);
        assertThat(rule.check(now + 600_001)).isEqualTo(Verdict.BEGAN);
    }

    @Test
    void check_fewObservations_isNeverAStall() {
        StallRule rule = new StallRule();
        for (int i = 0; i < StallRule.LEAST - 1; i++) {
            rule.add(i);
        }
        assertThat(rule.check(Long.MAX_VALUE / 2)).isEqualTo(Verdict.CALM);
    }

    @Test
    void add_aTimeThatGoesBack_countsAsTheOneBefore() {
        StallRule rule = loggedEvery(1000);
        rule.add(0);
        assertThat(rule.silentMillis(10_000)).isEqualTo(1000);
    }

    @Test
    void perDay_regularLog_isDayOverInterval() {
        assertThat(loggedEvery(5000).perDay()).isEqualTo(17_280);
        assertThat(new StallRule().perDay()).isNull();
    }

    @Test
    void end_stalled_endsIt() {
        StallRule rule = loggedEvery(1000);
        assertThat(rule.check(1_000_000)).isEqualTo(Verdict.BEGAN);
        assertThat(rule.end()).isTrue();
        assertThat(rule.check(2_000_000)).isEqualTo(Verdict.CALM);
        assertThat(rule.end()).isFalse();
    }

    @Test
    void load_saved_goesOnTheSame() {
        StallRule rule = loggedEvery(10_000);
        rule.check(200_000);
        ByteBuffer bytes = ByteBuffer.allocate(StallRule.BYTES);
        rule.save(bytes);
        bytes.flip();
        StallRule restored = new StallRule();
        restored.load(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        for (long now : new long[] {250_000, 300_000, 390_001, 1_000_000, 9_000_000}) {
            assertThat(restored.check(now)).as("at %d", now).isEqualTo(rule.check(now));
        }
        assertThat(restored.add(10_000_000)).isEqualTo(rule.add(10_000_000));
    }

    private static StallRule loggedEvery(long millis) {
        StallRule rule = new StallRule();
        for (int i = 0; i < StallRule.WINDOW; i++) {
            rule.add(i * millis);
        }
        return rule;
    }
}
