package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.detect.DepartureRule.Departure;
import io.straightedge.fitter.detect.DepartureRule.Verdict;
import io.straightedge.fitter.interval.StudentT;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepartureRuleTest {

    /** Two-sided points of published tables of Student's t. */
    @ParameterizedTest
    @CsvSource({"12.706, 1, .05", "4.303, 2, .05", "2.228, 10, .05", "4.587, 10, .001", "3.646, 30, .001"})
    void beyond_pointsOfTheTable_givesTheirProbability(double t, double freedom, double probability) {
        assertThat(StudentT.beyond(t, freedom)).isCloseTo(probability, within(2e-3 * probability));
        assertThat(StudentT.beyond(-t, freedom)).isEqualTo(StudentT.beyond(t, freedom));
    }

    @Test
    void scatter_ofNothing_isTheUsualOne_andOfManyTheirOwn() {
        assertThat(Scatter.of(9, 0, .003)).isEqualTo(new Scatter(.003, 4));
        assertThat(Scatter.of(.01, 1e9, .003).sd()).isCloseTo(.01, within(5e-4));
    }

    /** The scale is learnt from v residuals and no prior speaks: t is then Student's, and its tail the rate of false findings. */
    @Test
    void judge_healthyRuns_beginAsOftenAsIsSaid() {
        Random random = new Random(4);
        int n = 200_000;
        int began = 0;
        for (int i = 0; i < n; i++) {
            double squares = 0;
            for (int k = 0; k < 8; k++) {
                double residual = random.nextGaussian();
                squares += residual * residual;
            }
            Departure seen = new Departure(random.nextGaussian(), Math.sqrt(squares / 8), 8);
            began += new DepartureRule().judge(1, seen, 1, 10) == Verdict.BEGAN ? 1 : 0;
        }
        assertThat(began / (double) n).isCloseTo(DepartureRule.RARE, within(3e-4));
    }

    @Test
    void judge_aLife_beginsGrowsAndEnds() {
        DepartureRule rule = new DepartureRule();
        assertThat(rule.judge(10, new Departure(.009, 1e-5, 30), 1, 100)).isEqualTo(Verdict.CALM);
        assertThat(rule.judge(20, new Departure(.05, .01, 30), 1, 1000)).isEqualTo(Verdict.BEGAN);
        assertThat(rule.onsetStep()).isEqualTo(20);
        assertThat(rule.rarity()).isCloseTo(3 - Math.log10(StudentT.beyond(5, 30)), within(1e-5));
        assertThat(rule.judge(30, new Departure(.051, .01, 30), 1, 1100)).isEqualTo(Verdict.ON);
        assertThat(rule.judge(40, new Departure(.08, .01, 30), 1, 1200)).isEqualTo(Verdict.GREW);
        ByteBuffer saved = ByteBuffer.allocate(64);
        rule.save(saved);
        DepartureRule loaded = new DepartureRule();
        loaded.load(saved.flip());
        assertThat(loaded.judge(50, new Departure(.021, .01, 30), 1, 1300)).isEqualTo(Verdict.ON);
        assertThat(loaded.judge(60, new Departure(.019, .01, 30), 1, 1300)).isEqualTo(Verdict.ENDED);
        assertThat(loaded.departs()).isFalse();
        rule.end(true);
        assertThat(rule.judge(70, new Departure(.5, .01, 30), 1, 1300)).isEqualTo(Verdict.CALM);
    }

    @Test
    void explainedBy_another_leavesTheLesserSizeAndNothingBetweenTheTwo() {
        Departure much = new Departure(.1, .01, 30);
        assertThat(much.explainedBy(new Departure(.04, .05, 9))).isEqualTo(new Departure(.04, .01, 30));
        assertThat(much.explainedBy(new Departure(.2, .05, 9))).isEqualTo(much);
        assertThat(much.explainedBy(new Departure(-.1, .01, 30)).sizeNats()).isZero();
    }

    /** Rungs on a plane in ln N and ln T: the one that is off by d nats is found to be. */
    @Test
    void ladderShape_rungsOnAPlane_givesWhatIsOff() {
        Random random = new Random(8);
        List<LadderShape.Rung> rungs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            double size = 18 + 3 * random.nextDouble();
            double steps = 8 + 2 * random.nextDouble();
            double fall = .05 + .002 * (size - 20) - .004 * (steps - 9) + 1e-3 * random.nextGaussian();
            rungs.add(new LadderShape.Rung(size, steps, fall));
        }
        LadderShape.Rung off = new LadderShape.Rung(20, 9, .05 - .03);
        Departure seen = java.util.Objects.requireNonNull(LadderShape.departure(rungs, off, 3));
        assertThat(seen.sizeNats()).isCloseTo(.09, within(.003));
        assertThat(seen.scale()).isBetween(.003, .009);
        assertThat(LadderShape.departure(rungs.subList(0, 3), off, 3)).isNull();
    }
}
