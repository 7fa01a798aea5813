package io.straightedge.deploy.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.history.PastRun;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which runs are known when a run is tested. */
class UnitsTest {

    /** Six runs a, b, ...: two of each size 1, 2 and 3, sizes mixed. */
    private static final List<PastRun> RUNS =
            List.of(run("a", 1), run("b", 3), run("c", 2), run("d", 1), run("e", 2), run("f", 3));

    private static PastRun run(String name, double size) {
        return new PastRun(
                "s",
                "train",
                "",
                "g" + size,
                size,
                RunManifest.of("s", name, size, 10L, null, null),
                List.of(LossObservation.of("s", name, 10, 3)),
                null);
    }

    private static BacktestChoices choices(HistoryChoice history, @Nullable LeaveOut leaveOut) {
        return new BacktestChoices(List.of(.5), null, history, leaveOut, List.of(Method.STRAIGHTEDGE), 0, 1, false, 1);
    }

    /** Of each tested run, the names of those that have ended before, in order. */
    private static Map<String, String> known(HistoryChoice history, @Nullable LeaveOut leaveOut) {
        Map<String, String> known = new HashMap<>();
        for (Unit unit : new Units(choices(history, leaveOut), history, new SkippedRuns()).of(RUNS)) {
            List<String> ended = new ArrayList<>();
            for (Unit.Stage stage : unit.stages()) {
                stage.tested().forEach(run -> known.put(run.name(), String.join("", ended)));
                stage.learnt().forEach(run -> ended.add(run.name()));
            }
        }
        return known;
    }

    @Test
    void others_leaveTheOwnGroupOut() {
        assertThat(known(new HistoryChoice.Others(), null))
                .isEqualTo(Map.of("a", "bcef", "d", "bcef", "b", "acde", "f", "acde", "c", "abdf", "e", "abdf"));
    }

    @Test
    void others_withRunsLeftOut_areAllButTheRun() {
        assertThat(known(new HistoryChoice.Others(), LeaveOut.RUN))
                .containsEntry("c", "abdef")
                .hasSize(6);
    }

    @Test
    void smaller_areAllSmallerOnes() {
        assertThat(known(new HistoryChoice.Smaller(null, 0), null))
                .isEqualTo(Map.of("a", "", "d", "", "c", "ad", "e", "ad", "b", "adce", "f", "adce"));
    }

    @Test
    void smallerThan_testsTheOthersOnly() {
        assertThat(known(new HistoryChoice.Smaller(2.0, 0), null))
                .isEqualTo(Map.of("b", "ad", "c", "ad", "e", "ad", "f", "ad"));
        Map<String, String> more = known(new HistoryChoice.Smaller(2.0, 1), null);
        assertThat(more)
                .hasSize(3)
                .allSatisfy((run, history) ->
                        assertThat(history).startsWith("ad").hasSize(3).doesNotContain(run));
    }

    @Test
    void earlier_areThoseBeforeInTheFiles() {
        assertThat(known(new HistoryChoice.Earlier(), null))
                .isEqualTo(Map.of("a", "", "b", "a", "c", "ab", "d", "abc", "e", "abcd", "f", "abcde"));
        assertThat(known(new HistoryChoice.Earlier(), LeaveOut.GROUP))
                .containsEntry("d", "bc")
                .containsEntry("f", "acde");
    }

    @Test
    void none_andAnotherSource_knowNothing() {
        assertThat(known(new HistoryChoice.None(), null).values())
                .containsOnly("")
                .hasSize(6);
        assertThat(known(new HistoryChoice.Others(), LeaveOut.SOURCE).values())
                .containsOnly("")
                .hasSize(6);
    }

    @Test
    void given_areThoseRunsAndNeverTheTestedOnes() {
        HistoryChoice given = new HistoryChoice.Given(List.of(run("a", 1), run("x", 1), run("y", 2)));
        assertThat(known(given, null)).containsEntry("a", "xy").containsEntry("f", "xy");
        assertThat(known(given, LeaveOut.GROUP)).containsEntry("a", "y").containsEntry("f", "xy");
    }
}
