package io.straightedge.fitter.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.fit.TrackRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ForecastLedgerTest {

    private static final long STEPS = 10_000;

    private final ForecastLedger ledger = new ForecastLedger();

    @Test
    void factors_noRuns_areTheShippedOnes() {
        for (double f = 0.005; f < 1; f *= 1.07) {
            IntervalFactors shipped = ConformalFactors.LAW.at(f);
            assertThat(ledger.factors(ConformalFactors.LAW, f).at50())
                    .as("f = %s", f)
                    .isCloseTo(shipped.at50(), within(1e-12));
            assertThat(ledger.factors(ConformalFactors.LAW, f).at80())
                    .as("f = %s", f)
                    .isCloseTo(shipped.at80(), within(1e-12));
            assertThat(ledger.factors(ConformalFactors.LAW, f).at95())
                    .as("f = %s", f)
                    .isCloseTo(shipped.at95(), within(1e-12));
        }
    }

    @Test
    void at_noOwnRuns_isTheReference() {
        IntervalFactors shipped = ConformalFactors.LAW.at(0.3);
        MixedQuantile quantile = new MixedQuantile(shipped, new double[0]);
        assertThat(quantile.at(0.5)).isCloseTo(shipped.at50(), within(1e-12));
        assertThat(quantile.at(0.8)).isCloseTo(shipped.at80(), within(1e-12));
        assertThat(quantile.at(0.95)).isCloseTo(shipped.at95(), within(1e-12));
    }

    /** Against the definition, by brute force: the least x with enough mass below. */
    @Test
    void at_fewOwnRuns_isTheLeastPointWithTheWantedMass() {
        Random random = new Random(11);
        IntervalFactors shipped = ConformalFactors.LAW.at(0.7);
        for (int n = 1; n < 60; n++) {
            double[] z = random.doubles(n, -4, 4).toArray();
            MixedQuantile quantile = new MixedQuantile(shipped, z);
            for (double p : new double[] {0.5, 0.8, 0.95}) {
                double x = quantile.at(p);
                double wanted = p * (8 + n + n / (n + 8.0));
                assertThat(mass(shipped, z, x + 1e-6))
                        .as("n = %d, p = %s", n, p)
                        .isGreaterThanOrEqualTo(wanted);
                assertThat(mass(shipped, z, x - 1e-6))
                        .as("n = %d, p = %s", n, p)
                        .isLessThan(wanted);
            }
        }
    }

    /**
     * Of n + 1 exchangeable |z| the last is inside with probability k/(n + 1) when the factor is the k-th of the others; the
     * reference shifts k by at most its weight. Whatever the distribution: here three times too narrow, too wide, heavy-tailed.
     */
    @Test
    void at_exchangeableRuns_coversWithinTheFiniteSampleBounds() {
        List<DoubleUnaryOperator> distributions =
                List.of(normal -> 3 * normal, normal -> normal / 3, normal -> normal * normal * normal);
        int n = 200;
        int trials = 4_000;
        Random random = new Random(5);
        for (int d = 0; d < distributions.size(); d++) {
            for (double p : new double[] {0.5, 0.8, 0.95}) {
                int inside = 0;
                for (int trial = 0; trial < trials; trial++) {
                    double[] z = new double[n + 1];
                    for (int i = 0; i <= n; i++) {
                        z[i] = distributions.get(d).applyAsDouble(random.nextGaussian());
                    }
                    double factor = new MixedQuantile(ConformalFactors.LAW.at(0.3), Arrays.copyOf(z, n)).at(p);
                    inside += Math.abs(z[n]) <= factor ? 1 : 0;
                }
                double wanted = p * (8 + n + n / (n + 8.0));
                double noise = 4 * Math.sqrt(p * (1 - p) / trials);
                assertThat(inside / (double) trials)
                        .as("distribution %d, p = %s, seed 5", d, p)
                        .isBetween(
                                Math.floor(wanted - 8) / (n + 1) - noise,
                                Math.min(1, Math.ceil(wanted) / (n + 1)) + noise);
            }
        }
    }

    /** Runs like those that the shipped factors were measured on keep the nominal coverage at every n. */
    @Test
    void at_runsLikeTheReference_coverAsTheyShouldFromTheFirst() {
        Random random = new Random(6);
        IntervalFactors shipped = new IntervalFactors(
                StandardNormal.central(0.5), StandardNormal.central(0.8), StandardNormal.central(0.95));
        for (int n : new int[] {1, 2, 5, 10, 20, 40}) {
            for (double p : new double[] {0.5, 0.8, 0.95}) {
                int inside = 0;
                int trials = 6_000;
                for (int trial = 0; trial < trials; trial++) {
                    double[] z = random.doubles(n)
                            .map(u -> StandardNormal.central(Math.max(1e-9, u)))
                            .toArray();
                    inside += Math.abs(random.nextGaussian()) <= new MixedQuantile(shipped, z).at(p) ? 1 : 0;
                }
                assertThat(inside / (double) trials)
                        .as("n = %d, p = %s, seed 6", n, p)
                        .isCloseTo(p, within(0.025));
            }
        }
    }

    @Test
    void factors_anyOrderOfRuns_areTheSame() {
        List<ScoredRun> runs = new ArrayList<>(runs(new Random(3), 40));
        runs.forEach(ledger::put);
        Collections.shuffle(runs, new Random(4));
        ForecastLedger other = new ForecastLedger();
        runs.forEach(other::put);
        for (double f = 0.02; f < 1; f += 0.03) {
            assertThat(other.factors(ConformalFactors.LAW, f)).isEqualTo(ledger.factors(ConformalFactors.LAW, f));
        }
        assertThat(TrackRecords.of("s", "train", 7, other)).isEqualTo(TrackRecords.of("s", "train", 7, ledger));
    }

    @Test
    void factors_narrowScales_growWithTheRunsThatShowIt() {
        double before = ledger.factors(ConformalFactors.LAW, 0.5).at80();
        for (int i = 0; i < 40; i++) {
            ledger.put(run("r" + i, i, i % 2 == 0 ? 0.4 : -0.4));
            double now = ledger.factors(ConformalFactors.LAW, 0.5).at80();
            assertThat(now).as("after %d runs", i + 1).isGreaterThanOrEqualTo(before);
            before = now;
        }
        assertThat(before).isCloseTo(4, within(1e-3));
        assertThat(ledger.factors(ConformalFactors.LAW, 0.95)).isEqualTo(ConformalFactors.LAW.at(0.95));
    }

    @Test
    void put_moreRunsThanPlaces_forgetsThoseScoredLongestAgo() {
        runs(new Random(3), ForecastLedger.RUNS + 10).forEach(ledger::put);
        assertThat(ledger.runs()).hasSize(ForecastLedger.RUNS);
        assertThat(ledger.runs().get(0).run()).isEqualTo("r10");
        assertThat(ledger.held()).hasSize(ForecastLedger.RUNS);
    }

    @Test
    void put_sameRunAgain_replacesItsScoreInItsPlace() {
        ledger.put(run("a", 1, 0.1));
        ledger.put(run("b", 2, 0.1));
        ledger.clean();
        ledger.put(run("a", 3, 0.3));
        assertThat(ledger.runs()).extracting(ScoredRun::run).containsExactly("b", "a");
        assertThat(ledger.dirty()).containsExactly(0);
    }

    @Test
    void remove_run_leavesNoTrace() {
        List<ScoredRun> runs = runs(new Random(9), 12);
        runs.forEach(ledger::put);
        ForecastLedger without = new ForecastLedger();
        runs.subList(0, 11).forEach(without::put);
        assertThat(ledger.remove("r11")).isTrue();
        assertThat(ledger.remove("r11")).isFalse();
        assertThat(TrackRecords.of("s", "train", 1, ledger)).isEqualTo(TrackRecords.of("s", "train", 1, without));
        assertThat(ledger.save(11)).isEmpty();
    }

    @Test
    void load_saved_isTheSameBytesAndTheSameFactors() {
        runs(new Random(8), 300).forEach(ledger::put);
        ForecastLedger restored = new ForecastLedger();
        for (int place : ledger.held()) {
            byte[] saved = ledger.save(place);
            assertThat(saved).hasSizeLessThan(1024);
            restored.load(place, ByteBuffer.wrap(saved));
            assertThat(restored.save(place)).isEqualTo(saved);
        }
        assertThat(restored.factors(ConformalFactors.LAW, 0.37)).isEqualTo(ledger.factors(ConformalFactors.LAW, 0.37));
        assertThat(TrackRecords.of("s", "train", 7, restored)).isEqualTo(TrackRecords.of("s", "train", 7, ledger));
        ScoredRun next = run("next", 301, 0.2);
        ledger.put(next);
        restored.put(next);
        assertThat(restored.dirty())
                .containsExactly(Arrays.stream(ledger.dirty())
                        .filter(place -> Objects.requireNonNull(restored.runs().get(ForecastLedger.RUNS - 1))
                                        .equals(next)
                                && Arrays.equals(ledger.save(place), next.save()))
                        .toArray());
    }

    @Test
    void of_knownRuns_sumsThemUp() {
        ledger.put(run("a", 1, 0.05));
        ledger.put(run("b", 2, -0.15));
        ledger.put(run("c", 3, 0.30));
        TrackRecord record = TrackRecords.of("s", "train", 9, ledger);
        assertThat(record.runs()).isEqualTo(3);
        assertThat(record.key()).isEqualTo("s//train");
        TrackRecord.AtFraction half = record.fractions().get(0);
        assertThat(half.fraction()).isEqualTo(0.5);
        assertThat(half.n()).isEqualTo(3);
        // Half-widths .05, .1, .2 against errors of -.05 (a float's breadth inside or out), .15 and -.3.
        assertThat(half.coverage80()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(half.coverage95()).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(half.errors().medianNats()).isCloseTo(0.15, within(1e-6));
        assertThat(half.errors().p90Nats()).isCloseTo(0.27, within(1e-6));
        assertThat(half.errors().meanNats()).isCloseTo(0.5 / 3, within(1e-6));
        assertThat(half.errors().biasNats()).isCloseTo(-0.2 / 3, within(1e-6));
        assertThat(half.errors().medianPercent()).isCloseTo(15 / (2.4 - 0.15), within(1e-3));
        assertThat(half.halfWidth95()).isCloseTo(0.2, within(1e-6));
        TrackRecord.Method law = Objects.requireNonNull(half.methods().get("law"));
        assertThat(law.n()).isEqualTo(3);
        assertThat(law.inForce()).isEqualTo(3);
        assertThat(law.rootMeanSquareZ()).isCloseTo(Math.sqrt((0.25 + 2.25 + 9) / 3), within(1e-4));
        assertThat(ledger.meanSquareZ(ForecastMethod.LAW, 0.52)).isCloseTo(11.5 / 3, within(1e-4));
        assertThat(ledger.count(ForecastMethod.HISTORY, 0.5)).isZero();
        assertThat(ledger.meanRelativeError(ForecastMethod.HISTORY, 0.5)).isNaN();
    }

    private static double mass(IntervalFactors reference, double[] z, double x) {
        double u = x <= reference.at50()
                ? x / reference.at50() * StandardNormal.central(0.5)
                : x <= reference.at80()
                        ? line(x, reference.at50(), reference.at80(), 0.5, 0.8)
                        : line(x, reference.at80(), reference.at95(), 0.8, 0.95);
        return 8 * StandardNormal.within(Math.max(0, u))
                + Arrays.stream(z).filter(one -> Math.abs(one) <= x).count();
    }

    private static double line(double x, double x0, double x1, double p0, double p1) {
        double u0 = StandardNormal.central(p0);
        return u0 + (x - x0) / (x1 - x0) * (StandardNormal.central(p1) - u0);
    }

    /** A run whose forecast at half its steps was 2.4 +- .1 and that came to 2.4 + {@code off}. */
    private static ScoredRun run(String name, long sequence, double off) {
        return new ScoredRun(name, sequence, 2.4 + off, STEPS, List.of(forecast(5_100, 2.4, 0.1)));
    }

    private static KeptForecast forecast(long step, double mean, double scale) {
        return KeptForecast.of(
                step,
                STEPS,
                new IntervalFactors(0.5, 1, 2).around(mean, scale),
                ForecastMethod.LAW,
                List.of(KeptForecast.Part.of(ForecastMethod.LAW, mean, scale)));
    }

    private static List<ScoredRun> runs(Random random, int count) {
        List<ScoredRun> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<KeptForecast> forecasts = new ArrayList<>();
            for (int at = 0; at < ScoredFractions.COUNT; at++) {
                long step = Math.round(STEPS * ScoredFractions.at(at));
                forecasts.add(forecast(step, 2.4 + 0.1 * random.nextGaussian(), 0.05 + 0.1 * random.nextDouble()));
            }
            runs.add(new ScoredRun("r" + i, i, 2.4, STEPS, forecasts));
        }
        return runs;
    }
}
