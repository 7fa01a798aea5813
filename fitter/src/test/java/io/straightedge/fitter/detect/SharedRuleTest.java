package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedRuleTest {

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"6, 6", "7, 8", "8, 12", "10, 20", "14, 40", "18, 60"})
    void tells_moreRunsUpThanChanceAllows_once(int enough, int passed) {
        SharedRule rule = new SharedRule();
        for (int run = 1; run <= passed; run++) {
            assertThat(rule.add(700, 2.5)).isEqualTo(run);
            assertThat(rule.tells(700, passed)).as("%d of %d", run, passed).isEqualTo(run == enough);
        }
    }

    @Test
    void add_littleUp_countsOnlyWhereAnotherWasUpByMore() {
        SharedRule rule = new SharedRule();
        assertThat(rule.add(700, 2.1)).isZero();
        assertThat(rule.add(700, 2.3)).isEqualTo(1);
        assertThat(rule.add(700, 2.1)).isEqualTo(2);
        assertThat(SharedRule.counts(1.9)).isFalse();
    }

    @Test
    void tells_runsOfTheirOwnNoise_areNeverShared() {
        SharedRule rule = new SharedRule();
        Random random = new Random(1);
        for (long step = 0; step < 5000; step++) {
            for (int run = 0; run < 40; run++) {
                double z = random.nextGaussian();
                if (SharedRule.counts(z) && SharedRule.enough(rule.add(step, z))) {
                    assertThat(rule.tells(step, 40)).as("step %d", step).isFalse();
                }
            }
        }
    }

    @Test
    void load_saved_goesOnTheSame() {
        SharedRule rule = new SharedRule();
        Random random = new Random(2);
        for (int i = 0; i < 3000; i++) {
            rule.add(random.nextInt(400), 3);
        }
        rule.tells(17, 7);
        SharedRule restored = new SharedRule();
        restored.load(ByteBuffer.wrap(rule.save()));
        assertThat(restored.save()).isEqualTo(rule.save());
        for (int step = 0; step < 400; step++) {
            assertThat(restored.tells(step, 7)).isEqualTo(rule.tells(step, 7));
        }
    }
}
