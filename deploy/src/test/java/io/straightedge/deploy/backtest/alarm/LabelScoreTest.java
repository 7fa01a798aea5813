package io.straightedge.deploy.backtest.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.deploy.backtest.alarm.AlarmReport.Finds;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Labels;
import io.straightedge.ingest.history.KnownAnomaly;
import io.straightedge.protocol.signal.Alert.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which alarms belong to which anomalies: a run that logs every tenth step, and an anomaly at 200 to 250. */
class LabelScoreTest {

    private static final LoggedRun RUN = Runs.logged(Runs.of("a", Runs.steps(10, 100), i -> 3));
    private static final KnownAnomaly SPIKE = new KnownAnomaly(null, "a", "spike", 200, 250);

    private static Alarm alarm(LoggedRun run, long onset, long found) {
        return Alarm.of(run, "spike", Severity.WARNING, onset, (int) (found / 10) - 1, .5);
    }

    @ParameterizedTest
    @CsvSource({
        "200, 200, 1, at its first observation",
        "200, 220, 3, at its third",
        "190, 190, 1, one interval early",
        "180, 180, , two intervals early",
        "260, 260, 7, one interval late",
        "270, 270, , two intervals late",
        "250, 400, 21, told late of an onset inside",
        "100, 210, 2, told inside of an earlier onset",
        "100, 400, , around it",
    })
    void score_ofOneAlarm_dependsOnItsPlace(long onset, long found, @Nullable Integer delay, String why) {
        Labels labels =
                new LabelScore(List.of(SPIKE), List.of(RUN)).score(List.of(alarm(RUN, onset, found)), null, List.of());
        assertThat(labels)
                .as(why)
                .isEqualTo(new Labels(
                        delay == null ? 0 : 1,
                        delay == null ? 1 : 0,
                        delay == null ? null : (Double) (double) delay,
                        delay == null ? 1 : 0,
                        null,
                        null,
                        0));
    }

    @Test
    void score_ofSeveralAlarms_takesTheEarliestAndCountsTheOthers() {
        LoggedRun other = Runs.logged(Runs.of("b", Runs.steps(10, 100), i -> 3));
        KnownAnomaly gone = new KnownAnomaly(null, "c", "spike", 1, 2);
        Labels labels = new LabelScore(List.of(SPIKE, gone), List.of(RUN, other))
                .score(
                        List.of(
                                alarm(RUN, 230, 230),
                                alarm(RUN, 210, 210),
                                alarm(RUN, 600, 600),
                                alarm(other, 210, 210)),
                        List.of(alarm(RUN, 200, 200)),
                        List.of());
        assertThat(labels).isEqualTo(new Labels(1, 0, 2.0, 2, new Finds(1, 0, 1.0), null, 1));
    }

    @Test
    void score_ofAFleet_countsForEachOfItsRuns() {
        LoggedRun other = Runs.logged(Runs.of("b", Runs.steps(10, 100), i -> 3));
        Alarm fleet = new Alarm(
                "made/train", List.of("a", "b"), true, "fleet-loss-up", Severity.WARNING, false, 200, 210, 20, .5);
        Labels labels = new LabelScore(List.of(SPIKE, new KnownAnomaly(null, "b", "", 200, 210)), List.of(RUN, other))
                .score(List.of(fleet), null, List.of());
        assertThat(labels.found()).isEqualTo(2);
        assertThat(labels.other()).isZero();
    }

    @Test
    void score_ofARestart_wantsANoticeAndNoAlarm() {
        long[] steps = {10, 20, 30, 40, 50, 20, 30, 40};
        LoggedRun run = Runs.logged(Runs.of("a", steps, i -> 3));
        KnownAnomaly restart = new KnownAnomaly(null, "a", KnownAnomaly.RESTART, 20, 50);
        Alarm notice = Alarm.of(run, "restart", Severity.INFO, 20, 7, 0);
        Alarm alarm = Alarm.of(run, "spike", Severity.WARNING, 30, 2, 1);
        Labels labels =
                new LabelScore(List.of(restart), List.of(run)).score(List.of(alarm), List.of(alarm), List.of(notice));
        assertThat(labels.found() + labels.missed()).isZero();
        assertThat(labels.other()).isEqualTo(1);
        assertThat(Objects.requireNonNull(labels.restarts()))
                .as("seen three observations after it went back, that one counted")
                .isEqualTo(new Finds(1, 0, 3.0));
    }

    @ParameterizedTest
    @CsvSource({"'', ", "'3', 3", "'3;1', 2", "'1;Infinity;2', 2", "'1;Infinity', ", "'Infinity;1;Infinity', "})
    void median_ofDelays_isNullWhereHalfAreMissed(String values, @Nullable Double median) {
        double[] delays = values.isEmpty()
                ? new double[0]
                : Arrays.stream(values.split(";", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        assertThat(LabelScore.median(delays)).isEqualTo(median);
    }
}
