package io.straightedge.deploy.backtest.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.deploy.backtest.alarm.AlarmBacktest.Part;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.publisher.rule.RuleBook;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResampledTest {

    private static final int N = 4000;
    private static final PastRun REAL = Runs.dense("real", N, Runs.healthy(11, N, .04));

    @Test
    void course_throughAPowerLaw_isThatLaw() {
        Trend trend = Trend.of(Runs.logged(Runs.dense("a", N, i -> 2 + 6 * Math.pow(i + 1.0, -.4))));
        PowerCourse course = PowerCourse.through(trend, 800, N);
        for (long step : new long[] {800, 2000, 4000, 40_000}) {
            assertThat(course.at(step)).isCloseTo(2 + 6 * Math.pow((double) step, -.4), within(.002));
        }
    }

    @Test
    void course_throughARise_isItsMean() {
        Trend trend = Trend.of(Runs.logged(Runs.dense("a", N, i -> 3 + i * 1e-3)));
        PowerCourse course = PowerCourse.through(trend, 1000, N);
        assertThat(course.scale()).isZero();
        assertThat(course.at(2000)).isBetween(4.0, 7.0);
    }

    @Test
    void runs_thatAreMade_areAsLongAsAskedAndAsNoisyAsTheRealOne() {
        double days = 5.25;
        List<Part> parts = Resampled.parts(List.of(Runs.logged(REAL)), days, 3);
        assertThat(parts.stream().mapToLong(Part::observations)).containsExactly(86_400L, 4320L);
        LoggedRun made = parts.get(1).runs().get().get(0);
        assertThat(made.size()).isEqualTo(4320);
        assertThat(made.days()).isCloseTo(.25, within(1e-9));
        assertThat(RunNoise.sigma(made)).isCloseTo(.04, within(.004));
        assertThat(made.loss(3000)).isCloseTo(2 + 6 * Math.pow(3001, -.4), within(.3));
        assertThat(parts.get(1).runs().get().get(0).past()).as("the same again").isEqualTo(made.past());
    }

    @Test
    void report_ofRunsMadeFromAHealthyOne_holdsNoPage() {
        AlarmReport report = AlarmBacktest.resampled(
                        List.of(REAL, Runs.dense("brief", 100, i -> 3)),
                        .3,
                        new AlarmChoices(RuleBook.DEFAULT, null, 0, 1, 2))
                .run(done -> {});
        assertThat(report.observations()).isEqualTo(5184);
        assertThat(report.runDays()).isCloseTo(.3, within(1e-9));
        assertThat(report.pages()).isEmpty();
        assertThat(report.untested()).containsValue(1);
    }

    @Test
    void resampled_withoutALongRun_saysSo() {
        AlarmChoices choices = new AlarmChoices(RuleBook.DEFAULT, null, 0, 1, 1);
        List<PastRun> broken = List.of(Runs.dense("nan", N, i -> i == 3000 ? Double.NaN : 3));
        assertThatThrownBy(() -> AlarmBacktest.resampled(broken, 1, choices))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no residuals to draw from");
    }
}
