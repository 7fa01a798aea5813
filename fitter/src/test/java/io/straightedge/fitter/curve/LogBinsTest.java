package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogBinsTest {

    /** floor(8 log2 step) is the greatest b with 2^b not above step^8, in whole numbers. */
    private static int exactIndex(long step) {
        return BigInteger.valueOf(Math.max(1, step)).pow(8).bitLength() - 1;
    }

    @Test
    void indexOf_manySteps_isTheExactFloor() {
        Random random = new Random(3);
        for (long step = 0; step < 20_000; step++) {
            assertThat(LogBins.indexOf(step)).as("step %d", step).isEqualTo(exactIndex(step));
        }
        for (int i = 0; i < 20_000; i++) {
            long step = random.nextLong() >>> (1 + random.nextInt(50));
            assertThat(LogBins.indexOf(step)).as("seed 3, step %d", step).isEqualTo(exactIndex(step));
        }
        assertThat(LogBins.indexOf(Long.MAX_VALUE)).isBetween(503, 504);
    }

    @Test
    void firstStep_everyBin_isTheSmallestStepNotBefore() {
        for (int b = 1; b < 320; b++) {
            long first = LogBins.firstStep(b);
            assertThat(LogBins.indexOf(first)).isGreaterThanOrEqualTo(b);
            assertThat(LogBins.indexOf(first - 1)).isLessThan(b);
        }
        assertThat(LogBins.firstStep(0)).isZero();
    }

    @Test
    void add_stepsInOrder_saysWhenABinCloses() {
        LogBins bins = new LogBins();
        assertThat(bins.add(0, 9)).isFalse();
        assertThat(bins.add(1, 7)).isFalse();
        assertThat(bins.add(2, 6)).isTrue();
        assertThat(bins.size()).isEqualTo(2);
        assertThat(bins.count(0)).isEqualTo(2);
        assertThat(bins.mean(0)).isEqualTo(8);
        assertThat(bins.m2(0)).isEqualTo(2);
        assertThat(bins.meanStep(0)).isEqualTo(0.5);
    }

    @Test
    void add_aLateStep_goesToItsBinAndClosesNothing() {
        LogBins bins = new LogBins();
        bins.add(10, 5);
        bins.add(1000, 4);
        assertThat(bins.add(100, 4.5)).isFalse();
        assertThat(bins.add(100, 4.7)).isFalse();
        assertThat(bins.size()).isEqualTo(3);
        assertThat(bins.mean(1)).isCloseTo(4.6, within(1e-15));
        assertThat(bins.index(1)).isEqualTo(LogBins.indexOf(100));
    }

    @Test
    void add_shuffled_givesTheSameBinsToRounding() {
        long seed = 5;
        Random random = new Random(seed);
        LogBins ordered = new LogBins();
        LogBins shuffled = new LogBins();
        int n = 3000;
        double[] loss = random.doubles(n, 2, 3).toArray();
        for (int i = 0; i < n; i++) {
            ordered.add(i, loss[i]);
            int at = (int) (i * 1009L % n);
            shuffled.add(at, loss[at]);
        }
        assertThat(shuffled.size()).isEqualTo(ordered.size());
        for (int i = 0; i < ordered.size(); i++) {
            assertThat(shuffled.count(i)).isEqualTo(ordered.count(i));
            assertThat(shuffled.mean(i)).as("seed %d", seed).isCloseTo(ordered.mean(i), within(1e-12));
            assertThat(shuffled.m2(i)).isCloseTo(ordered.m2(i), within(1e-9));
            assertThat(shuffled.meanStep(i)).isCloseTo(ordered.meanStep(i), within(1e-8));
        }
    }

    @Test
    void truncate_atACheckpoint_dropsWhatBeginsAtOrAfterIt() {
        LogBins bins = new LogBins();
        for (int step = 0; step <= 1024; step++) {
            bins.add(step, 3);
        }
        bins.truncate(512);
        assertThat(bins.index(bins.size() - 1)).isEqualTo(8 * 9 - 1);
        bins.truncate(500);
        assertThat(bins.index(bins.size() - 1)).isEqualTo(8 * 9 - 1);
        bins.truncate(0);
        assertThat(bins.size()).isZero();
    }

    @Test
    void put_whatWasRead_restoresEveryBit() {
        LogBins bins = new LogBins();
        Random random = new Random(9);
        for (int step = 0; step < 100_000; step += 7) {
            bins.add(step, 3 + random.nextGaussian());
        }
        LogBins restored = new LogBins();
        for (int i = 0; i < bins.size(); i++) {
            restored.put(bins.index(i), bins.count(i), bins.meanStep(i), bins.mean(i), bins.m2(i));
        }
        bins.add(100_001, 4);
        restored.add(100_001, 4);
        for (int i = 0; i < bins.size(); i++) {
            assertThat(restored.mean(i)).isEqualTo(bins.mean(i));
            assertThat(restored.m2(i)).isEqualTo(bins.m2(i));
            assertThat(restored.meanStep(i)).isEqualTo(bins.meanStep(i));
            assertThat(restored.count(i)).isEqualTo(bins.count(i));
        }
        assertThatThrownBy(() -> restored.put(3, 1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void add_notFinite_isRejected() {
        assertThatThrownBy(() -> new LogBins().add(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noise_whiteNoiseOnASlopeWithOutliers_isFoundAndRestores() {
        long seed = 21;
        Random random = new Random(seed);
        NoiseScale noise = new NoiseScale();
        NoiseScale restored = new NoiseScale();
        assertThat(noise.sigma()).isNaN();
        for (int i = 0; i < 5000; i++) {
            double loss = 3 - 1e-4 * i + 0.05 * random.nextGaussian() + (i % 500 == 499 ? 5 : 0);
            noise.add(loss);
            if (i == 2000) {
                restored.restore(noise.state());
            } else if (i > 2000) {
                restored.add(loss);
            }
        }
        assertThat(noise.sigma()).as("seed %d", seed).isCloseTo(0.05, within(0.006));
        assertThat(restored.sigma()).isEqualTo(noise.sigma());
    }
}
