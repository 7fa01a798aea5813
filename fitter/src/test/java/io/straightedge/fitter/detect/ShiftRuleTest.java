package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.detect.ShiftRule.Verdict;
import io.straightedge.protocol.fit.Detector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShiftRuleTest {

    private static final double SIGMA = .04;
    private static final int CLEAN = 2000;

    /** What was found, with the number of observations since the fault began. */
    private record Found(Detector detector, Verdict verdict, int after) {}

    /** Normal noise about a forecast that is .3 too low all the time, and a fault from observation {@link #CLEAN} on. */
    private static List<Found> run(long seed, int after, IntToDoubleFunction fault) {
        ShiftRule rule = new ShiftRule();
        Random random = new Random(seed);
        List<Found> found = new ArrayList<>();
        for (int k = 0; k < CLEAN + after; k++) {
            double extra = k < CLEAN ? 0 : fault.applyAsDouble(k - CLEAN);
            Verdict verdict = rule.add(k, 3.3 + SIGMA * random.nextGaussian() + extra, 3, false, true);
            int since = k - CLEAN + 1;
            switch (verdict) {
                case BEGAN, TURNED -> found.add(new Found(rule.kind(), verdict, since));
                case ENDED, ACCEPTED -> found.add(new Found(rule.before(), verdict, since));
                case GREW, ON, CALM -> {}
            }
        }
        return found;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // Lorden's bound for one in 1e5 is ln(1e5) / (delta^2 / 2 sigma^2): 14.7, 3.7 and .9 observations.
        ".05, 30",
        ".1, 10",
        ".2, 4",
        "-.1, 10"
    })
    void add_aStep_isFoundSoon(double step, int most) {
        List<Integer> delays = new ArrayList<>();
        for (int seed = 0; seed < 41; seed++) {
            List<Found> found = run(seed, 300, k -> step);
            assertThat(found).as("seed %d", seed).isNotEmpty();
            assertThat(found.get(0).after())
                    .as("seed %d: nothing before the fault", seed)
                    .isPositive();
            assertThat(found.get(0).detector() == Detector.TOO_GOOD).isEqualTo(step < 0);
            delays.add(found.get(0).after());
        }
        delays.sort(null);
        assertThat(delays.get(20)).as("median delay").isLessThanOrEqualTo(most);
    }

    @Test
    void add_normalNoise_isFoundNoOftenerThanStated() {
        int found = 0;
        for (int seed = 0; seed < 20; seed++) {
            found += (int) run(seed, 10_000, k -> 0).stream()
                    .filter(one -> one.verdict() == Verdict.BEGAN)
                    .count();
        }
        System.out.println(found + " findings in 240,000 observations of normal noise");
        assertThat(found).as("eight statistics, each once in 100,000").isLessThanOrEqualTo(19);
    }

    @Test
    void add_singleOutliers_areNothing() {
        assertThat(run(3, 1000, k -> k % 100 == 50 ? 1.5 : 0)).isEmpty();
    }

    @Test
    void add_aSpikeThatComesBack_endsOnTheForecast() {
        List<Found> found = run(1, 300, k -> k < 10 ? .3 : 0);
        assertThat(found).extracting(Found::detector).containsExactly(Detector.SPIKE, Detector.SPIKE);
        assertThat(found.get(0).after()).isLessThanOrEqualTo(4);
        assertThat(found.get(1).verdict()).isEqualTo(Verdict.ENDED);
        assertThat(found.get(1).after()).isBetween(30, 120);
    }

    @Test
    void add_aJumpThatStays_becomesADriftAndIsAcceptedWhenTheForecastIsOld() {
        List<Found> found = run(1, 1500, k -> .3);
        assertThat(found).extracting(Found::detector).containsExactly(Detector.SPIKE, Detector.DRIFT, Detector.DRIFT);
        assertThat(found.get(1).after()).isBetween(ShiftRule.SUSTAINED, ShiftRule.SUSTAINED + 5);
        assertThat(found.get(2).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(found.get(2).after()).isCloseTo(CLEAN / 2, within(10));
    }

    @Test
    void add_aLossThatExplodes_diverges() {
        List<Found> found = run(1, 300, k -> .01 * Math.exp(k / 30.));
        assertThat(found).extracting(Found::detector).contains(Detector.DIVERGENCE);
    }

    @Test
    void add_aSlowFallOfAnUnknownRate_isNoFinding() {
        ShiftRule rule = new ShiftRule();
        Random random = new Random(2);
        for (int k = 0; k < 3 * CLEAN; k++) {
            double fall = 1e-4 * Math.max(0, k - CLEAN);
            Verdict verdict = rule.add(k, 3 + SIGMA * random.nextGaussian() - fall, 3, false, false);
            assertThat(verdict).as("at %d", k).isEqualTo(Verdict.CALM);
        }
    }

    @Test
    void accept_aNewLevel_isNormalFromThenOn() {
        ShiftRule rule = new ShiftRule();
        Random random = new Random(5);
        for (int k = 0; k < CLEAN + 100; k++) {
            rule.add(k, 3 + SIGMA * random.nextGaussian() + (k < CLEAN ? 0 : .5), 3, false, true);
        }
        assertThat(rule.shifted()).isTrue();
        rule.accept(CLEAN + 100);
        for (int k = CLEAN + 100; k < 2 * CLEAN; k++) {
            Verdict verdict = rule.add(k, 3.5 + SIGMA * random.nextGaussian(), 3, false, true);
            assertThat(verdict).as("at %d", k).isEqualTo(Verdict.CALM);
        }
        assertThat(rule.sigma()).isCloseTo(SIGMA, within(.006));
    }

    @Test
    void relearn_aPlannedChange_isNoFinding() {
        ShiftRule rule = new ShiftRule();
        Random random = new Random(6);
        for (int k = 0; k < 2 * CLEAN; k++) {
            if (k == CLEAN) {
                rule.relearn(k);
            }
            Verdict verdict = rule.add(k, 3 + SIGMA * random.nextGaussian() + (k < CLEAN ? 0 : .1), 3, false, true);
            assertThat(verdict).as("at %d", k).isEqualTo(Verdict.CALM);
        }
    }

    @Test
    void load_saved_goesOnTheSame() {
        ShiftRule rule = new ShiftRule();
        Random random = new Random(7);
        for (int k = 0; k < CLEAN + 400; k++) {
            double loss = 3 + SIGMA * random.nextGaussian() + (k < CLEAN || k > CLEAN + 150 ? 0 : .2);
            ByteBuffer bytes = ByteBuffer.allocate(200);
            rule.save(bytes);
            ShiftRule restored = new ShiftRule();
            restored.load(bytes.flip());
            assertThat(bytes.hasRemaining()).isFalse();
            Verdict verdict = rule.add(k, loss, 3, k % 97 == 0, true);
            assertThat(restored.add(k, loss, 3, k % 97 == 0, true)).isEqualTo(verdict);
            ByteBuffer expected = ByteBuffer.allocate(200);
            rule.save(expected);
            ByteBuffer actual = ByteBuffer.allocate(200);
            restored.save(actual);
            assertThat(actual.flip()).as("at %d", k).isEqualTo(expected.flip());
        }
    }
}
