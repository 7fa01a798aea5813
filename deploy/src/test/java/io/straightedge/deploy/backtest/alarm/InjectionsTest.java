package io.straightedge.deploy.backtest.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.deploy.backtest.alarm.AlarmReport.Injected;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.publisher.rule.RuleBook;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectionsTest {

    private static final int N = 2200;

    private static Injections.Outcome outcome(int threads, AtomicLong fed) {
        LoggedRun run = Runs.logged(Runs.dense("a", N, Runs.healthy(3, N, .04)));
        LoggedRun brief = Runs.logged(Runs.dense("b", 1999, Runs.healthy(4, 1999, .04)));
        Injections injections =
                new Injections(List.of(run, brief), new AlarmChoices(RuleBook.DEFAULT, null, 1, 7, threads));
        assertThat(injections.runs()).isEqualTo(1);
        Injections.Outcome outcome = injections.run(fed::addAndGet);
        assertThat(fed.get()).isEqualTo(injections.work());
        return outcome;
    }

    @Test
    void table_ofARunWithNoise_tellsEveryFaultAndFindsTheLarge() {
        Injections.Outcome outcome = outcome(1, new AtomicLong());
        assertThat(outcome.table().stream().map(Injected::fault).distinct())
                .hasSize(Fault.of(false).size());
        assertThat(outcome.table()).allSatisfy(row -> {
            assertThat(row.trials() + outcome.occupied() / Fault.of(false).size())
                    .isEqualTo(1);
            assertThat(row.noise()).isEqualTo("sigma up to .06");
        });
        Injected divergence = outcome.table().stream()
                .filter(row -> row.fault().equals("divergence") && row.by().equals(InjectionTrial.DEVIATION))
                .findFirst()
                .orElseThrow();
        assertThat(divergence.missedShare()).isZero();
        assertThat(divergence.medianDelay()).isNotNull().isBetween(20.0, 250.0);
    }

    @Test
    void table_onMoreThreads_isTheSame() {
        assertThat(outcome(3, new AtomicLong())).isEqualTo(outcome(1, new AtomicLong()));
    }

    /** Noise of .1 shared but for .005: what nothing else can see is found within observations. */
    @Test
    void table_ofTwins_tellsWhatTheOneSaysOfTheOther() {
        IntToDoubleFunction shared = Runs.healthy(3, N, .1);
        IntToDoubleFunction own = Runs.healthy(4, N, .005);
        IntToDoubleFunction clean = Runs.healthy(4, N, 0);
        PastRun first = Runs.dense("a", N, shared).onData("x");
        PastRun second = Runs.dense(
                        "b", N, i -> shared.applyAsDouble(i) + own.applyAsDouble(i) - clean.applyAsDouble(i))
                .onData("x");
        List<LoggedRun> runs = List.of(Runs.logged(first), Runs.logged(second));
        Injections injections = new Injections(runs, new AlarmChoices(RuleBook.DEFAULT, null, 2, 7, 1));
        assertThat(injections.runs()).as("the second alone").isEqualTo(1);
        List<Injected> table = injections.run(more -> {}).table();
        assertThat(table.stream().map(Injected::fault).distinct()).hasSize(Fault.values().length);
        assertThat(table)
                .filteredOn(row -> row.by().equals("paired") && row.fault().equals("+.02"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.missedShare()).isZero();
                    assertThat(row.medianDelay()).isBetween(2.0, 6.0);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "STEP_05, 0, .05",
        "STEP_05, 999, .05",
        "SPIKE, 4, .3",
        "SPIKE, 5, 0",
        "DRIFT_3, 99, .03",
        "RESTART, 0, .15",
        "RESTART, 100, .05518",
        "DIVERGENCE, 29, .01087",
        "DIVERGENCE, 900, 10",
        "PLATEAU, 7, .02",
    })
    void fault_addsWhatItSays(Fault fault, int since, double nats) {
        assertThat(fault.addedNats(since, .02)).isCloseTo(nats, within(1e-5));
    }

    @Test
    void trend_ofAPowerLaw_followsItWithinABin() {
        PastRun past = Runs.dense("a", 4000, Runs.healthy(5, 4000, .03));
        Trend trend = Trend.of(Runs.logged(past));
        for (long step : new long[] {200, 700, 1500, 3500}) {
            assertThat(trend.at(step)).isCloseTo(2 + 6 * Math.pow((double) step, -.4), within(.01));
        }
        assertThat(trend.at(1_000_000)).as("level beyond the end").isEqualTo(trend.at(10_000));
    }

    @ParameterizedTest
    @CsvSource({"1, .04, LOW", "2, .1, HIGH"})
    void noise_ofARun_isItsSigma(long seed, double sigma, RunNoise noise) {
        LoggedRun run = Runs.logged(Runs.dense("a", 4000, Runs.healthy(seed, 4000, sigma)));
        assertThat(RunNoise.sigma(run)).isCloseTo(sigma, within(.08 * sigma));
        assertThat(RunNoise.of(run)).isEqualTo(noise);
    }
}
