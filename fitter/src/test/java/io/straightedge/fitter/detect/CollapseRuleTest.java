package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.detect.CollapseRule.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CollapseRuleTest {

    private final CollapseRule rule = new CollapseRule();
    private long step;

    private List<Verdict> verdicts(@Nullable Integer vocabulary, double... losses) {
        List<Verdict> verdicts = new ArrayList<>();
        for (double loss : losses) {
            verdicts.add(rule.add(++step, loss, vocabulary));
        }
        return verdicts;
    }

    @Test
    void add_exactZero_collapsesAtOnceAndEndsWithTheNextNumber() {
        assertThat(verdicts(null, .03, 0, 0, .02))
                .containsExactly(Verdict.CALM, Verdict.BEGAN, Verdict.COLLAPSED, Verdict.ENDED);
        assertThat(rule.onsetStep()).isEqualTo(2);
    }

    /** ln 32,000 = 10.3735. */
    @Test
    void add_backAtGuessing_collapsesOnceItHadLearnt() {
        assertThat(verdicts(32_000, 10.4, 10.37, 10.36, 9.95)).containsOnly(Verdict.CALM);
        assertThat(verdicts(32_000, 1.637, 11.8, 10.3735, 10.2, 9.8))
                .containsExactly(Verdict.CALM, Verdict.BEGAN, Verdict.COLLAPSED, Verdict.COLLAPSED, Verdict.ENDED);
        assertThat(rule.lowest()).isCloseTo(1.637, within(1e-6));
    }

    @Test
    void add_guessingAmongAVocabularyThatNobodyTold_isNotSeenAtOnce() {
        assertThat(verdicts(null, 1.637, 11.8, 10.3735)).containsOnly(Verdict.CALM);
    }

    @Test
    void add_tenTimesTheSame_collapses_nineTimesDoesNot() {
        double[] nine = {2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5};
        assertThat(verdicts(null, nine)).containsOnly(Verdict.CALM);
        assertThat(verdicts(null, 2.5, 2.5, 2.51)).containsExactly(Verdict.BEGAN, Verdict.COLLAPSED, Verdict.ENDED);
        assertThat(verdicts(null, nine)).containsOnly(Verdict.CALM);
        rule.restart();
        assertThat(verdicts(null, nine)).containsOnly(Verdict.CALM);
    }

    @Test
    void load_whatWasSaved_goesOn() {
        verdicts(50_257, 3.2, 10.9);
        ByteBuffer bytes = ByteBuffer.allocate(CollapseRule.BYTES);
        rule.save(bytes);
        CollapseRule restored = new CollapseRule();
        restored.load(bytes.flip());
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(restored.collapsed()).isTrue();
        assertThat(restored.fault(50_257))
                .contains("guessing among 50,257 words")
                .contains("3.200");
        assertThat(restored.add(9, 3.1, 50_257)).isEqualTo(Verdict.ENDED);
    }
}
