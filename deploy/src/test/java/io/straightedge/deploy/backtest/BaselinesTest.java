package io.straightedge.deploy.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Curves of the very form that a baseline fits: it must find them. */
class BaselinesTest {

    private static final long STEPS = 10_000;

    private static Standing standing(@Nullable Schedule schedule, double fraction, DoubleUnaryOperator loss) {
        int n = (int) (fraction * STEPS / 50);
        double[] steps = new double[n];
        double[] losses = new double[n];
        for (int i = 0; i < n; i++) {
            steps[i] = 50.0 * (i + 1);
            losses[i] = loss.applyAsDouble(steps[i]);
        }
        return new Standing(steps, losses, STEPS, LrPlan.of(schedule, STEPS), schedule != null);
    }

    private static Guess guess(Standing standing, Method method) {
        Map<Method, Guess> guesses = Baselines.of(standing, List.of(Method.values()));
        return Objects.requireNonNull(guesses.get(method));
    }

    @Test
    void powerLaw_ofAPowerLaw_isExact() {
        DoubleUnaryOperator loss = t -> 2.2 + 9 * Math.pow(t, -.4);
        Guess guess = guess(standing(null, .3, loss), Method.POWER_LAW);
        // The points are means over up to a tenth of an e-fold, which bends the curve by some 1e-4.
        assertThat(guess.mean()).isCloseTo(loss.applyAsDouble(STEPS), within(2e-3));
        assertThat(guess.half95()).isLessThan(.01);
    }

    @Test
    void powerLaw_withOutliers_holds() {
        DoubleUnaryOperator loss = t -> 2.2 + 9 * Math.pow(t, -.4) + (t % 1000 == 0 ? .4 : 0);
        Guess guess = guess(standing(null, .5, loss), Method.POWER_LAW);
        assertThat(guess.mean()).isCloseTo(2.2 + 9 * Math.pow((double) STEPS, -.4), within(.05));
    }

    @Test
    void multiPowerLaw_inTheMiddleOfAnAnneal_seesMoreThanThePowerLaw() {
        Schedule linear = new Schedule(ScheduleKind.WSD, 0L, 1.0, 0.0, 3000L, DecayShape.LINEAR, List.of());
        LrPlan plan = LrPlan.of(linear, STEPS);
        // Multi-Power-Law itself, by a plain sum over 2,000 falls.
        DoubleUnaryOperator loss = t -> {
            double fallen = 0;
            for (int j = 0; j < 2000; j++) {
                double step = 3000 + 3.5 * (j + .5);
                if (step < t) {
                    double since = plan.progress(t) - plan.progress(step);
                    fallen += (1 - Math.pow(1 + .08 * Math.pow(plan.rate(step), -.65) * since, -.6)) / 2000;
                }
            }
            return 2.4 + 8 * Math.pow(plan.progress(t), -.42) - .25 * fallen;
        };
        Standing standing = standing(linear, .7, loss);
        double truth = loss.applyAsDouble(STEPS);
        double multi = Math.abs(guess(standing, Method.MULTI_POWER_LAW).mean() - truth);
        double power = Math.abs(guess(standing, Method.POWER_LAW).mean() - truth);
        assertThat(multi).isLessThan(.01).isLessThan(power / 2);
    }

    @Test
    void multiPowerLaw_withoutASchedule_isThePowerLaw() {
        Standing standing = standing(null, .5, t -> 2 + 5 * Math.pow(t, -.3));
        assertThat(guess(standing, Method.MULTI_POWER_LAW)).isEqualTo(guess(standing, Method.POWER_LAW));
    }

    @Test
    void baselines_withTooLittle_sayTheLastValue() {
        Standing standing = standing(null, .015, t -> 5 - t / 1000);
        assertThat(standing.size()).isEqualTo(3);
        assertThat(guess(standing, Method.POWER_LAW)).isEqualTo(Guess.bare(standing.lastValue()));
        assertThat(guess(standing, Method.MULTI_POWER_LAW)).isEqualTo(Guess.bare(standing.lastValue()));
    }

    @Test
    void lastValue_isTheMeanOfTheLastFiftiethOfThePlan() {
        assertThat(standing(null, .5, t -> t).lastValue()).isEqualTo((4850 + 4900 + 4950 + 5000) / 4.0);
    }
}
