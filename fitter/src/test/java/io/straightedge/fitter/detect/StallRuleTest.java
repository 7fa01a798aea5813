package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StallRuleTest {

    @Test
    void check_silenceLongerThanTheWindow_stallsOnce() {
        StallRule rule = loggedEvery(10_000);
        long last = 9 * 10_000;
        assertThat(rule.check(last + 90_000)).isFalse();
        assertThat(rule.check(last + 90_001)).isTrue();
        assertThat(rule.check(last + 900_000)).isFalse();
        assertThat(rule.end()).isTrue();
        assertThat(rule.end()).isFalse();
    }

    @Test
    void check_fastLogging_waitsForTheFloor() {
        StallRule rule = loggedEvery(100);
        assertThat(rule.check(900 + StallRule.FLOOR_MILLIS)).isFalse();
        assertThat(rule.check(901 + StallRule.FLOOR_MILLIS)).isTrue();
    }

    @Test
    void check_fewObservations_knowsNoCadence() {
        StallRule rule = new StallRule();
        for (int i = 0; i < StallRule.WINDOW - 1; i++) {
            rule.add(i);
        }
        assertThat(rule.check(Long.MAX_VALUE / 2)).isFalse();
    }

    @Test
    void add_afterAStall_endsIt() {
        StallRule rule = loggedEvery(1000);
        assertThat(rule.check(1_000_000)).isTrue();
        assertThat(rule.add(1_000_001)).isTrue();
        assertThat(rule.add(1_000_002)).isFalse();
    }

    @Test
    void load_saved_goesOnTheSame() {
        StallRule rule = loggedEvery(10_000);
        rule.add(123_456);
        ByteBuffer bytes = ByteBuffer.allocate(StallRule.BYTES);
        rule.save(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        StallRule restored = new StallRule();
        restored.load(bytes.flip());
        for (long now = 200_000; now < 260_000; now += 1000) {
            assertThat(restored.check(now)).as("at %d", now).isEqualTo(rule.check(now));
        }
    }

    private static StallRule loggedEvery(long millis) {
        StallRule rule = new StallRule();
        for (int i = 0; i < StallRule.WINDOW; i++) {
            rule.add(i * millis);
        }
        return rule;
    }
}
