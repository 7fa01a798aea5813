package io.straightedge.fitter.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.data.RealData;
import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules that nobody sent, from the rates of the part that has run. */
class LrInferenceTest {

    private static final int T = 20_000;
    private static final double PEAK = 3e-4;

    private static Schedule schedule(ScheduleKind kind, double last, DecayShape shape) {
        return new Schedule(
                kind,
                400L,
                PEAK,
                last * PEAK,
                14_000L,
                shape,
                List.of(new Schedule.Point(8000, 0.3 * PEAK)),
                null,
                null,
                null,
                4,
                null);
    }

    private static LrSeen seen(LearningRate rate, double fraction, double noise) {
        Random random = new Random(5);
        LrTrace trace = new LrTrace();
        for (int k = 10; k <= fraction * T; k += 10) {
            trace.add(k, PEAK * rate.at(k) * (1 + noise * random.nextGaussian()));
        }
        return trace.seen();
    }

    private static double worst(LrPlan plan, LearningRate rate, double fraction) {
        double worst = 0;
        for (int k = (int) (fraction * T); k <= T; k += 20) {
            worst = Math.max(worst, Math.abs(plan.rate(k) - rate.at(k)));
        }
        return worst;
    }

    @ParameterizedTest
    @CsvSource({
        "COSINE, 0.1, LINEAR, 0.10, 0.03, a cosine to 10 %",
        "COSINE, 0.1, LINEAR, 0.30, 0.01, a cosine to 10 %",
        "COSINE, 0.1, LINEAR, 0.70, 0.01, a cosine to 10 %",
        "COSINE, 0.0, LINEAR, 0.30, 0.01, a cosine to 0 %",
        "LINEAR, 0.0, LINEAR, 0.10, 0.02, a linear decay to 0 %",
        "LINEAR, 0.1, LINEAR, 0.50, 0.01, a linear decay to 10 %",
        "EXPONENTIAL, 0.1, LINEAR, 0.30, 0.02, an exponential decay to 10 %",
        "INVERSE_SQRT, 0.0, LINEAR, 0.10, 0.02, an inverse square root to 14 %",
        "INVERSE_SQRT, 0.0, LINEAR, 0.50, 0.01, an inverse square root to 14 %",
        "WSD, 0.0, LINEAR, 0.75, 0.02, 'a linear decay since step 1'",
        "WSD, 0.1, LINEAR, 0.80, 0.02, 'a linear decay since step 1'",
        "WSD, 0.0, ONE_MINUS_SQRT, 0.75, 0.02, 'a 1-sqrt decay since step 1'",
        "WSD, 0.0, COSINE, 0.80, 0.02, 'a cosine since step 1'",
        "WSD, 0.1, EXPONENTIAL, 0.80, 0.02, 'an exponential decay since step 1'"
    })
    void of_decayUnderWay_continuesIt(
            ScheduleKind kind, double last, DecayShape shape, double fraction, double bar, String words) {
        LearningRate rate = new LearningRate(schedule(kind, last, shape), T);
        LrPlan plan = LrPlan.of(null, T, seen(rate, fraction, 0));
        System.out.printf(
                "%s %s %.1f at %.2f: worst %.4f, sd %.3f, %s%n",
                kind, shape, last, fraction, worst(plan, rate, fraction), plan.annealSd(), plan.words());
        assertThat(plan.words())
                .startsWith("no learning-rate schedule was sent: ")
                .contains(words);
        assertThat(plan.origin()).isEqualTo(PlanOrigin.INFERRED);
        assertThat(worst(plan, rate, fraction)).isLessThan(bar);
        assertThat(plan.assumed()).isFalse();
        double off = Math.abs(Math.sqrt(plan.rate(T)) - Math.sqrt(rate.at(T)));
        assertThat(off).isLessThanOrEqualTo(3 * plan.annealSd() + 0.01);
    }

    @Test
    void of_ratesWithNoise_stillFindsTheCosine() {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.COSINE, 0.1, DecayShape.LINEAR), T);
        LrPlan plan = LrPlan.of(null, T, seen(rate, 0.5, 0.003));
        assertThat(plan.words()).contains("a cosine");
        assertThat(worst(plan, rate, 0.5)).isLessThan(0.05);
    }

    @ParameterizedTest
    @CsvSource({"0.1", "0.3", "0.69"})
    void of_plateauSoFar_assumesItStays(double fraction) {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.WSD, 0, DecayShape.LINEAR), T);
        LrPlan plan = LrPlan.of(null, T, seen(rate, fraction, 0));
        assertThat(plan.origin()).isEqualTo(PlanOrigin.ASSUMED);
        assertThat(plan.words()).contains("constant");
        assertThat(plan.rate(T)).isCloseTo(1, within(1e-9));
        assertThat(plan.annealSd()).isGreaterThan(0.5);
        assertThat(plan.peakStep()).isBetween(390.0, 410.0);
    }

    @Test
    void of_warmupSoFar_hasItsPeakWhereItStands() {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.COSINE, 0, DecayShape.LINEAR), T);
        LrPlan plan = LrPlan.of(null, T, seen(rate, 0.01, 0));
        assertThat(plan.words()).contains("not fallen so far");
        assertThat(plan.peakStep()).isEqualTo(200);
    }

    @Test
    void of_steps_staysOnTheLast() {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.MULTISTEP, 0, DecayShape.LINEAR), T);
        LrPlan plan = LrPlan.of(null, T, seen(rate, 0.5, 0));
        assertThat(plan.words()).contains("steps");
        assertThat(worst(plan, rate, 0.5)).isLessThan(1e-3);
    }

    /** The second of four cosines is under way: the rest repeats the first. */
    @ParameterizedTest
    @CsvSource({"0.3", "0.4", "0.6", "0.9"})
    void of_restarts_repeatsTheCycle(double fraction) {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.COSINE_WITH_RESTARTS, 0, DecayShape.LINEAR), T);
        LrPlan plan = LrPlan.of(null, T, seen(rate, fraction, 0));
        assertThat(plan.words()).contains("restarts every 4,9");
        double sum = 0;
        int n = 0;
        for (int k = (int) (fraction * T); k <= T; k += 20, n++) {
            sum += Math.abs(plan.rate(k) - rate.at(k));
        }
        assertThat(sum / n).isLessThan(0.03);
    }

    @Test
    void of_unknownKind_isInferredAndSaysWhy() {
        LearningRate rate = new LearningRate(schedule(ScheduleKind.COSINE, 0.1, DecayShape.LINEAR), T);
        Schedule plateau = Schedule.of(ScheduleKind.UNKNOWN, 400L, PEAK);
        assertThat(LrPlan.of(plateau, T).words())
                .isEqualTo(
                        "the learning-rate schedule sent cannot be planned: several are supposed, and the interval is wide");
        assertThat(LrPlan.of(plateau, T, seen(rate, 0.5, 0)).words())
                .startsWith("the learning-rate schedule sent cannot be planned: from");
    }

    @Test
    void follows_sentPlan_onlyWhileTheRatesAreItsOwn() {
        Schedule cosine = schedule(ScheduleKind.COSINE, 0.1, DecayShape.LINEAR);
        LearningRate rate = new LearningRate(cosine, T);
        LearningRate linear = new LearningRate(schedule(ScheduleKind.LINEAR, 0, DecayShape.LINEAR), T);
        LrPlan plan = LrPlan.of(cosine, T);
        assertThat(plan.follows(LrSeen.NONE)).isTrue();
        assertThat(plan.follows(seen(rate, 0.6, 0))).isTrue();
        assertThat(plan.follows(seen(rate, 0.01, 0))).isTrue();
        assertThat(plan.follows(seen(linear, 0.05, 0))).isTrue();
        assertThat(plan.follows(seen(linear, 0.3, 0))).isFalse();
    }

    @Test
    void follows_singleGlitchOrSparseLogsAboutAJump_isNoContradiction() {
        Schedule steps = schedule(ScheduleKind.MULTISTEP, 0, DecayShape.LINEAR);
        LearningRate rate = new LearningRate(steps, T);
        LrPlan plan = LrPlan.of(steps, T);
        LrTrace trace = new LrTrace();
        for (int k = 500; k <= T; k += 1500) {
            trace.add(k, PEAK * (k == 3500 ? 0.5 : rate.at(k)));
        }
        assertThat(plan.follows(trace.seen())).isTrue();
    }

    /** The job says cosine over T but runs one over 2T: what was seen, then the plan from there. */
    @Test
    void of_contradictedPlan_keepsThePastAndScalesTheRest() {
        Schedule cosine = schedule(ScheduleKind.COSINE, 0.1, DecayShape.LINEAR);
        LearningRate real = new LearningRate(cosine, 2.0 * T);
        LrSeen seen = seen(real, 0.5, 0);
        LrPlan plan = LrPlan.of(cosine, T, seen);
        assertThat(LrPlan.of(cosine, T).follows(seen)).isFalse();
        assertThat(plan.origin()).isEqualTo(PlanOrigin.MENDED);
        assertThat(plan.words())
                .contains("are not those of the cosine schedule sent")
                .contains("step 10,000");
        for (int k = 500; k <= 10_000; k += 100) {
            assertThat(plan.rate(k)).isCloseTo(real.at(k), within(0.005));
        }
        assertThat(plan.rate(10_050)).isCloseTo(real.at(10_050), within(0.02));
        LearningRate sent = new LearningRate(cosine, T);
        double scale = real.at(10_000) / sent.at(10_000);
        assertThat(plan.rate(15_000)).isCloseTo(scale * sent.at(15_000), within(0.01));
        assertThat(plan.annealSd()).isGreaterThan(0);
    }

    /** The mean distance of u over the rest, as a median over the curves whose decay has been recognised. */
    @ParameterizedTest
    @CsvSource({
        "olmo_ladder/curves.csv, 0.1, 0.005",
        "olmo_ladder/curves.csv, 0.3, 0.005",
        "olmo_ladder/curves.csv, 0.5, 0.003",
        "olmo_ladder/curves.csv, 0.7, 0.003",
        "multipowerlaw/curves.csv, 0.1, 0.005",
        "multipowerlaw/curves.csv, 0.3, 0.005",
        "multipowerlaw/curves.csv, 0.5, 0.005",
        "multipowerlaw/curves.csv, 0.7, 0.005"
    })
    void of_realRates_isNearTheRest(String file, double fraction, double bar) {
        List<Double> errors = new ArrayList<>();
        List<Double> past = new ArrayList<>();
        int undecided = 0;
        for (RealData.Curve curve : RealData.curves(file)) {
            Schedule logged = curve.schedule();
            if (logged == null) {
                continue;
            }
            LrTrace trace = new LrTrace();
            for (RealData.Point point : curve.points()) {
                if (point.step() <= fraction * curve.end()) {
                    trace.add(point.step(), point.lr());
                }
            }
            LrPlan truth = LrPlan.of(logged, curve.end());
            LrPlan plan = LrPlan.of(null, curve.end(), trace.seen());
            double sum = 0;
            double sumPast = 0;
            int n = 0;
            for (RealData.Point point : curve.points()) {
                double step = point.step();
                double off = Math.abs(plan.rate(step) - truth.rate(step));
                if (point.step() > fraction * curve.end()) {
                    sum += off;
                    n++;
                } else {
                    sumPast = Math.max(sumPast, off);
                }
            }
            past.add(sumPast);
            if (plan.origin() == PlanOrigin.ASSUMED) {
                undecided++;
            } else {
                errors.add(sum / Math.max(1, n));
            }
            if (sum / Math.max(1, n) > bar) {
                System.out.printf("%s: %.3f, %s%n", curve.run(), sum / n, plan.words());
            }
        }
        Collections.sort(errors);
        System.out.printf(
                "%s at %.0f %%: %d inferred, %d taken as constant, mean |error of u| median %.5f, p90 %.5f, past %.5f%n",
                file,
                100 * fraction,
                errors.size(),
                undecided,
                errors.isEmpty() ? 0 : errors.get(errors.size() / 2),
                errors.isEmpty() ? 0 : errors.get(errors.size() * 9 / 10),
                Objects.requireNonNull(Collections.max(past)));
        assertThat(errors).isNotEmpty();
        assertThat(errors.get(errors.size() / 2)).isLessThan(bar);
        assertThat(Collections.max(past)).isLessThan(0.05);
    }
}
