package io.straightedge.deploy.backtest.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.deploy.backtest.alarm.AlarmReport.Fired;
import io.straightedge.ingest.history.KnownAnomaly;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.publisher.rule.RuleBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What fires on runs that are made here. */
class AlarmBacktestTest {

    private static final int N = 1500;
    private static final double SIGMA = .02;

    private static AlarmReport report(
            List<PastRun> runs, List<KnownAnomaly> known, @Nullable Double seconds, int threads) {
        AlarmChoices choices = new AlarmChoices(RuleBook.DEFAULT, seconds, 0, 1, threads);
        return AlarmBacktest.of(runs, known, choices).run(done -> {});
    }

    /** A loss that runs away from the 1,001st observation on. */
    private static IntToDoubleFunction diverging(long seed) {
        IntToDoubleFunction healthy = Runs.healthy(seed, N, SIGMA);
        return i -> healthy.applyAsDouble(i) + (i < 1000 ? 0 : Math.min(5, .05 * Math.exp((i - 1000) / 10.0)));
    }

    @Test
    void report_ofHealthyRuns_holdsNoPage() {
        List<PastRun> runs = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            runs.add(Runs.dense("seed " + seed, N, Runs.healthy(seed, N, SIGMA)));
        }
        AlarmReport report = report(runs, List.of(), null, 1);
        assertThat(report.observations()).isEqualTo(3 * N);
        assertThat(report.runDays()).as("5 seconds each").isCloseTo(3 * N * 5 / 86_400.0, within(1e-9));
        assertThat(report.pages()).isEmpty();
        assertThat(report.injected()).isNull();
    }

    @Test
    void report_ofADivergence_findsItAndCountsItsRates() {
        PastRun run = Runs.dense("a", N, diverging(1));
        AlarmReport report = report(List.of(run), List.of(new KnownAnomaly(null, "a", "divergence", 1001, N)), 8.64, 1);
        assertThat(report.pages()).isNotEmpty().allSatisfy(page -> {
            assertThat(page.run()).isEqualTo("a");
            assertThat(page.onsetStep()).isBetween(950L, 1100L);
            assertThat(page.foundStep()).isBetween(1001L, 1150L);
            assertThat(page.severity()).isEqualTo("critical");
        });
        assertThat(report.labels().found()).isEqualTo(1);
        assertThat(report.labels().missed()).isZero();
        assertThat(report.labels().other()).isZero();
        assertThat(Objects.requireNonNull(report.labels().medianDelay())).isBetween(1.0, 100.0);
        assertThat(report.runDays()).isCloseTo(.15, within(1e-12));
        double told = report.perThousandSteps() * 1.5;
        assertThat(told)
                .as("one that was a warning first is told twice and counts once")
                .isBetween(
                        (double) report.pages().size(),
                        (double) report.pages().size() + report.warnings().size());
        assertThat(report.perThousandRunDays()).isCloseTo(told / .00015, within(1e-6));
        assertThat(report.pagesPerThousandRunDays()).isCloseTo(report.pages().size() / .00015, within(1e-6));
    }

    @Test
    void report_ofABatchThatAllRunsShare_isOneAlarm() {
        List<PastRun> runs = new ArrayList<>();
        for (int seed = 1; seed <= 8; seed++) {
            IntToDoubleFunction healthy = Runs.healthy(seed, N, SIGMA);
            runs.add(Runs.dense("seed " + seed, N, i -> healthy.applyAsDouble(i) + (i >= 900 && i < 950 ? 1.5 : 0)));
        }
        AlarmReport report = report(runs, List.of(), null, 2);
        List<Fired> fleets = report.warnings().stream()
                .filter(fired -> fired.rule().startsWith("fleet"))
                .toList();
        assertThat(fleets).hasSize(1);
        assertThat(fleets.get(0).run()).isEmpty();
        assertThat(report.pages().size() + report.warnings().size())
                .as("those who came before the fleet was one, and it")
                .isLessThanOrEqualTo(6);
    }

    @Test
    void report_onMoreThreads_isTheSame() {
        List<PastRun> runs = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            PastRun run = Runs.dense("seed " + i, N, i == 2 ? diverging(i) : Runs.healthy(i, N, SIGMA));
            runs.add(run.in("study " + i % 3));
        }
        assertThat(report(runs, List.of(), null, 3)).isEqualTo(report(runs, List.of(), null, 1));
    }

    @Test
    void report_ofRunsThatGoBack_fallsIntoNoHole() {
        long[] steps = new long[N];
        for (int i = 0; i < N; i++) {
            steps[i] = i < 1000 ? i + 1 : i - 299;
        }
        PastRun run =
                Runs.of("a", steps, i -> 2 + 6 * Math.pow((double) steps[i], -.4) + SIGMA * Math.sin(7.0 * i * i));
        AlarmReport report =
                report(List.of(run), List.of(new KnownAnomaly(null, "a", KnownAnomaly.RESTART, 701, 1000)), null, 1);
        assertThat(report.pages()).isEmpty();
        assertThat(Objects.requireNonNull(report.labels().restarts()).found()).isEqualTo(1);
    }
}
