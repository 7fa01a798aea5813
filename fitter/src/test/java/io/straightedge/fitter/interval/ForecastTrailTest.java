package io.straightedge.fitter.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.fit.ForecastScore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTrailTest {

    private final ForecastTrail trail = new ForecastTrail();

    @Test
    void due_wholeRun_onceForEachFraction() {
        follow(1, 100_000, 100_000);
        assertThat(trail.kept())
                .extracting(KeptForecast::step)
                .containsExactly(
                        2_000L, 3_000L, 5_000L, 7_000L, 10_000L, 15_000L, 20_000L, 30_000L, 40_000L, 50_000L, 60_000L,
                        70_000L, 80_000L, 90_000L, 95_000L);
    }

    @Test
    void due_planMoves_asksForOneMadeForTheNewEnd() {
        follow(1, 5_001, 10_000);
        assertThat(trail.due(5_001, 10_000)).isFalse();
        assertThat(trail.due(5_001, 10_300)).isFalse();
        assertThat(trail.due(5_001, 20_000)).isTrue();
        follow(5_001, 6_002, 20_000);
        assertThat(trail.kept().get(trail.kept().size() - 1).step()).isEqualTo(6_000);
        assertThat(trail.kept())
                .filteredOn(kept -> kept.plannedSteps() == 20_000)
                .hasSize(2);
    }

    @Test
    void rewind_restart_dropsWhatWasForecastFromThereOn() {
        follow(1, 8_000, 10_000);
        assertThat(trail.rewind(5_000)).isTrue();
        assertThat(trail.kept()).last().extracting(KeptForecast::step).isEqualTo(4_000L);
        assertThat(trail.rewind(5_000)).isFalse();
        follow(4_500, 5_500, 10_000);
        assertThat(trail.kept()).last().extracting(KeptForecast::step).isEqualTo(5_000L);
    }

    @Test
    void keep_planThatMovesForEver_staysWithinItsBounds() {
        for (int move = 0; move < 200; move++) {
            long step = Math.round(1_000 * Math.pow(1.07, move));
            assertThat(trail.due(step, 3 * step)).as("move %d", move).isTrue();
            trail.keep(forecast(step, 3 * step));
            assertThat(trail.due(step + 1, 3 * step)).as("move %d", move).isFalse();
        }
        assertThat(trail.kept())
                .hasSize(ForecastTrail.MOST)
                .last()
                .extracting(KeptForecast::step)
                .isEqualTo(Math.round(1_000 * Math.pow(1.07, 199)));
        assertThat(trail.save()).hasSizeLessThanOrEqualTo(1536);
    }

    @Test
    void load_saved_isTheSameBytes() {
        follow(1, 100_000, 100_000);
        ForecastTrail restored = new ForecastTrail();
        restored.load(ByteBuffer.wrap(trail.save()));
        assertThat(restored.kept()).isEqualTo(trail.kept());
        assertThat(restored.save()).isEqualTo(trail.save()).hasSizeLessThan(1024);
    }

    @Test
    void load_otherFormats_firstBuildsArePassedOverAndUnknownOnesRefused() {
        trail.load(ByteBuffer.wrap("{\"v\":1,\"entries\":[]}".getBytes(StandardCharsets.UTF_8)));
        assertThat(trail.isEmpty()).isTrue();
        assertThatThrownBy(() -> trail.load(ByteBuffer.wrap(new byte[] {9, 0})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format");
    }

    @Test
    void entries_runEndsElsewhere_tellFractionsOfTheRealEndAndScoreOnlyForecastsForIt() {
        follow(1, 4_001, 10_000);
        follow(4_001, 5_801, 6_000);
        List<ForecastScore.Entry> entries = ScoredRun.entries(trail, 2.5, 5_850);
        assertThat(entries)
                .allSatisfy(entry -> assertThat(entry.fraction() * 5_850)
                        .isCloseTo(
                                entry.step() == null ? Double.NaN : entry.step(),
                                org.assertj.core.data.Offset.offset(1e-9)));
        assertThat(entries)
                .filteredOn(entry -> entry.unscored() != null)
                .hasSize(9)
                .allSatisfy(entry -> {
                    assertThat(entry.plannedSteps()).isEqualTo(10_000);
                    assertThat(entry.z()).isNull();
                    assertThat(entry.unscored()).contains("10000").contains("5850");
                });
        assertThat(entries)
                .filteredOn(entry -> entry.unscored() == null)
                .hasSizeGreaterThan(3)
                .allSatisfy(entry -> {
                    assertThat(entry.plannedSteps()).isEqualTo(6_000);
                    assertThat(entry.z())
                            .isEqualTo((2.5 - entry.forecast().mean())
                                    / entry.forecast().scale());
                    assertThat(entry.parts()).containsOnlyKeys("law");
                });
        assertThat(ScoredRun.of("r", 1, 2.5, 5_850, trail).forecasts())
                .isNotEmpty()
                .allMatch(kept -> kept.plannedSteps() == 6_000);
    }

    /** Walks over steps as a run does, keeping what is due. */
    private void follow(long from, long to, long plannedSteps) {
        for (long step = from; step < to; step++) {
            if (trail.due(step, plannedSteps)) {
                trail.keep(forecast(step, plannedSteps));
            }
        }
    }

    private static KeptForecast forecast(long step, long plannedSteps) {
        return KeptForecast.of(
                step,
                plannedSteps,
                new IntervalFactors(0.5, 1, 2).around(2.4 + 1.0 / step, 0.1),
                ForecastMethod.LAW,
                List.of(KeptForecast.Part.of(ForecastMethod.LAW, 2.4, 0.1)));
    }
}
