package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.detect.PairedRule.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedRuleTest {

    private static final double SHARED = .1;
    private static final double PRIVATE = .005;
    private static final int CLEAN = 1000;

    /** What was found, with the number of observations since the fault began. */
    private record Found(Verdict verdict, int after, double sizeNats) {}

    /** Two runs that learn and share their noise but for {@link #PRIVATE}, and a fault in one of them. */
    private static final class Pair {

        final PairedRule rule = new PairedRule();
        final List<Found> found = new ArrayList<>();
        Random random;
        final double privateNats;
        int k;

        Pair(long seed, double privateNats) {
            this.random = new Random(seed);
            this.privateNats = privateNats;
        }

        void feed(int observations, IntToDoubleFunction fault, boolean muted, boolean sameRate) {
            for (int i = 0; i < observations; i++) {
                double shared = SHARED * random.nextGaussian();
                double reference = 3 + 5 / Math.sqrt(k + 100.) + shared;
                double own = 2.9 + 5.5 / Math.sqrt(k + 100.) + .95 * shared;
                own += privateNats * random.nextGaussian() + fault.applyAsDouble(i);
                Verdict verdict = rule.add(1000 + k, own, reference, muted, sameRate);
                if (verdict != Verdict.CALM && verdict != Verdict.ON && verdict != Verdict.GREW) {
                    found.add(new Found(verdict, i + 1, rule.sizeNats()));
                }
                k++;
            }
        }

        void clean(int observations) {
            feed(observations, i -> 0, false, true);
        }
    }

    @ParameterizedTest(name = "{0} nats")
    @ValueSource(doubles = {.02, -.02})
    void add_aStepOfFourPrivateSigmas_isFoundWithinFive(double step) {
        List<Integer> delays = new ArrayList<>();
        for (int seed = 0; seed < 30; seed++) {
            Pair pair = new Pair(seed, PRIVATE);
            pair.clean(CLEAN);
            assertThat(pair.found).as("seed %d", seed).isEmpty();
            assertThat(pair.rule.correlation()).isGreaterThan(.99);
            pair.feed(60, i -> step, false, true);
            assertThat(pair.found).as("seed %d", seed).hasSize(1);
            assertThat(pair.found.get(0).verdict()).isEqualTo(Verdict.BEGAN);
            assertThat(pair.rule.sizeNats()).as("seed %d", seed).isCloseTo(step, within(.005));
            assertThat(pair.rule.onsetStep()).isBetween(1000L + CLEAN - 20, 1000L + CLEAN + 4);
            assertThat(pair.rule.sigma()).as("seed %d", seed).isCloseTo(PRIVATE, within(.0015));
            delays.add(pair.found.get(0).after());
        }
        delays.sort(null);
        assertThat(delays.get(15)).as("median delay").isLessThanOrEqualTo(4);
        assertThat(delays.get(28)).as("all but one of thirty").isLessThanOrEqualTo(5);
    }

    /** Four statistics in two directions, each rarer than once in 100,000. */
    @Test
    void add_healthyTwins_areFoundNoOftenerThanStated() {
        int found = 0;
        for (int seed = 0; seed < 10; seed++) {
            Pair pair = new Pair(100 + seed, PRIVATE);
            pair.clean(10_000);
            found += pair.found.size();
        }
        System.out.println(found + " findings in 100,000 paired observations");
        assertThat(found).isLessThanOrEqualTo(1);
    }

    @Test
    void add_runsThatShareHalfOfTheirNoise_areNoPair() {
        Pair pair = new Pair(1, SHARED * .95 * Math.sqrt(3));
        pair.clean(CLEAN);
        assertThat(pair.rule.correlation()).isCloseTo(.5, within(.15));
        pair.feed(300, i -> 1, false, true);
        assertThat(pair.found).isEmpty();
        assertThat(pair.rule.speaks()).isFalse();
    }

    @Test
    void add_aFaultThatGoesAway_endsAndIsNotFoundAgain() {
        Pair pair = new Pair(2, PRIVATE);
        pair.clean(CLEAN);
        pair.feed(600, i -> i < 50 ? .05 : 0, false, true);
        assertThat(pair.found).extracting(Found::verdict).containsExactly(Verdict.BEGAN, Verdict.ENDED);
        assertThat(pair.found.get(1).after()).isBetween(70, 150);
    }

    @Test
    void add_aFaultThatStays_isAcceptedOnce() {
        Pair pair = new Pair(3, PRIVATE);
        pair.clean(CLEAN);
        pair.feed(2000, i -> .05, false, true);
        assertThat(pair.found).extracting(Found::verdict).containsExactly(Verdict.BEGAN, Verdict.ACCEPTED);
        assertThat(pair.found.get(1).after()).isBetween(PairedRule.LASTING, PairedRule.LASTING + 5);
    }

    @Test
    void add_whatAnotherRuleHasFound_isLeftToIt() {
        Pair pair = new Pair(4, PRIVATE);
        pair.clean(CLEAN);
        pair.feed(100, i -> .3, true, true);
        assertThat(pair.found).isEmpty();
        pair.clean(500);
        assertThat(pair.found).as("the level is learnt anew").isEmpty();
        pair.feed(20, i -> .05, false, true);
        pair.feed(20, i -> .05, true, true);
        assertThat(pair.found).extracting(Found::verdict).containsExactly(Verdict.BEGAN, Verdict.YIELDED);
    }

    @Test
    void add_theDecayOfOneRun_isNoFinding() {
        Pair pair = new Pair(5, PRIVATE);
        pair.clean(CLEAN);
        pair.feed(1000, i -> -1.5e-4 * i, false, false);
        assertThat(pair.found).isEmpty();
    }

    @Test
    void add_singleOutliers_neitherAreFoundNorEndThePair() {
        Pair pair = new Pair(6, PRIVATE);
        pair.clean(CLEAN);
        pair.feed(1000, i -> i % 100 == 50 ? 1.5 : 0, false, true);
        assertThat(pair.found).isEmpty();
        assertThat(pair.rule.speaks()).isTrue();
        assertThat(pair.rule.correlation()).isGreaterThan(.95);
    }

    @Test
    void accept_relearn_reset_raiseNothing() {
        Pair pair = new Pair(7, PRIVATE);
        pair.clean(CLEAN);
        pair.rule.relearn(1000 + pair.k);
        pair.feed(500, i -> .02, false, true);
        pair.rule.accept(1000 + pair.k);
        pair.feed(500, i -> .3, false, true);
        pair.rule.reset(1000 + pair.k);
        pair.feed(500, i -> -.3, false, true);
        assertThat(pair.found).isEmpty();
        assertThat(pair.rule.speaks()).isTrue();
    }

    /** Two runs of the very same numbers: nothing is divided by a scale of nothing. */
    @Test
    void add_theVerySame_isCalm() {
        PairedRule rule = new PairedRule();
        Random random = new Random(8);
        for (int k = 0; k < 2000; k++) {
            double loss = 3 + SHARED * random.nextGaussian();
            double little = k < 1000 ? 0 : 1e-4 * random.nextGaussian();
            assertThat(rule.add(k, loss + little, loss, false, true)).isEqualTo(Verdict.CALM);
        }
    }

    @Test
    void save_andLoad_goesOnTheSame() {
        Pair pair = new Pair(9, PRIVATE);
        pair.clean(CLEAN);
        pair.feed(7, i -> .02, false, true);
        ByteBuffer bytes = ByteBuffer.allocate(300);
        pair.rule.save(bytes);
        assertThat(bytes.position()).isLessThan(200);
        Pair restored = new Pair(10, PRIVATE);
        restored.rule.load(bytes.flip());
        restored.k = pair.k;
        pair.random = new Random(10);
        pair.found.clear();
        for (Pair one : List.of(pair, restored)) {
            one.feed(30, i -> .02, false, true);
            one.feed(700, i -> 0, false, true);
        }
        assertThat(restored.found).isEqualTo(pair.found).isNotEmpty();
        ByteBuffer one = ByteBuffer.allocate(300);
        ByteBuffer other = ByteBuffer.allocate(300);
        pair.rule.save(one);
        restored.rule.save(other);
        assertThat(one).isEqualTo(other);
    }
}
