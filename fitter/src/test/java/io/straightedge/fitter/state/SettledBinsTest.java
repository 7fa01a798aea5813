package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.curve.LogBins;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When a curve is fitted again, and what of it the fit sees. */
class SettledBinsTest {

    private final SplitState split = new SplitState();

    private boolean observe(long step) {
        split.lastStep = step;
        boolean refit = split.observe(step, 3 + 1.0 / step, 0);
        if (refit) {
            split.freeze();
        }
        return refit;
    }

    @Test
    void observe_oneObservationABin_usesEachAtOnce() {
        for (int i = 0; i < 6; i++) {
            assertThat(observe(1000 + 500L * i)).isTrue();
            assertThat(split.fitted.size()).isEqualTo(split.bins.size());
        }
    }

    /** From 2^16 on a quarter of a bin is wider than 1,400 steps: 66,973, 68,439, 69,938 and 71,469 begin one. */
    @Test
    void observe_severalObservationsAQuarter_fitsWithTheFirstOfEach() {
        List<Boolean> refits = LongStream.iterate(66_000, step -> step + 1000)
                .limit(7)
                .mapToObj(this::observe)
                .toList();
        assertThat(refits).containsExactly(true, true, false, true, true, false, true);
        assertThat(split.fitted.count(0)).isEqualTo(6);
        assertThat(split.fitted.count(1)).isEqualTo(1);
    }

    @Test
    void observe_betweenFits_leavesWhatTheFitSawAsItWas() {
        observe(70_000);
        double mean = split.fitted.mean(0);
        for (long step = 70_001; step < 70_100; step++) {
            assertThat(observe(step)).isFalse();
        }
        assertThat(split.fitted.count(0)).isEqualTo(1);
        assertThat(split.fitted.mean(0)).isEqualTo(mean);
        assertThat(split.bins.count(0)).isEqualTo(100);
    }

    @Test
    void saveHead_openBinWentOn_restoresWhatTheFitSaw() {
        for (long step = 1; step < 5000; step += 7) {
            observe(step);
        }
        SplitState restored = new SplitState();
        for (int octave = 0; octave < 20; octave++) {
            ByteBuffer in = ByteBuffer.wrap(split.saveOctave(octave));
            while (in.hasRemaining()) {
                SavedBins.take(in, restored.bins);
            }
        }
        restored.restoreHead(ByteBuffer.wrap(split.saveHead()));
        assertThat(restored.fitStep).isEqualTo(split.fitStep);
        assertThat(restored.fitted.size()).isEqualTo(split.fitted.size());
        for (int i = 0; i < split.fitted.size(); i++) {
            assertThat(row(restored.fitted, i)).isEqualTo(row(split.fitted, i));
        }
    }

    private static List<Object> row(LogBins bins, int i) {
        return List.of(bins.index(i), bins.count(i), bins.meanStep(i), bins.mean(i), bins.m2(i));
    }

    @Test
    void rewind_seesTheCurveAsItIsFromThere() {
        for (long step = 1000; step < 3000; step += 100) {
            observe(step);
        }
        split.rewind(1500, 0);
        assertThat(split.fitted.size()).isEqualTo(split.bins.size());
        assertThat(split.fitStep).isEqualTo(1499);
        assertThat(observe(1600)).isTrue();
    }
}
