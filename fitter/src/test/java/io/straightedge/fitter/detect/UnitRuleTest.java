package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.detect.UnitRule.Unit;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitRuleTest {

    private static final int BINS = 12;
    private static final int RUNS = 5;

    private static double loss(int bin, double size) {
        return 1.7 + (8 + size) * Math.pow(bin + 1, -.25);
    }

    private static double[][] others() {
        double[][] others = new double[BINS][RUNS];
        for (int i = 0; i < BINS; i++) {
            for (int j = 0; j < RUNS; j++) {
                others[i][j] = loss(i, .1 * j);
            }
        }
        return others;
    }

    private static double[] losses(double factor) {
        double[] losses = new double[BINS];
        Arrays.setAll(losses, i -> factor * loss(i, .15));
        return losses;
    }

    @ParameterizedTest
    @CsvSource({"1.442695, BITS", "0.693147, NATS", "0.434294, LOG10", "0.33, PER_BYTE", "0.25, PER_BYTE"})
    void beside_aConstantFactor_isTheUnitsOwn(double factor, Unit unit) {
        assertThat(UnitRule.beside(losses(factor), others())).isEqualTo(unit);
    }

    @ParameterizedTest
    @CsvSource({"1", "1.2", "1.25", "0.8", "0.85", "1.8", "3"})
    void beside_aFactorThatIsNoUnits_isNone(double factor) {
        assertThat(UnitRule.beside(losses(factor), others())).isNull();
    }

    /** A run that does not learn passes through every ratio, and a smaller one keeps none either. */
    @Test
    void beside_aRatioThatDrifts_isNone() {
        double[] flat = new double[BINS];
        Arrays.fill(flat, 9.7);
        assertThat(UnitRule.beside(flat, others())).isNull();
        double[] slower = new double[BINS];
        Arrays.setAll(slower, i -> 1.7 + 8 * Math.pow(i + 1, -.25) * (1 + .06 * i));
        assertThat(UnitRule.beside(slower, others())).isNull();
    }

    @Test
    void beside_tooLittle_isNone() {
        assertThat(UnitRule.beside(Arrays.copyOf(losses(1.442695), 9), others()))
                .isNull();
        double[][] two =
                Arrays.stream(others()).map(row -> Arrays.copyOf(row, 2)).toArray(double[][]::new);
        assertThat(UnitRule.beside(losses(1.442695), two)).isNull();
    }

    @Test
    void byVocabulary_whereTrainingBegins_isKnownWithoutOthers() {
        double[] steps = new double[BINS];
        double[] bits = new double[BINS];
        double[] nats = new double[BINS];
        Arrays.setAll(steps, i -> i + 1);
        Arrays.setAll(nats, i -> Math.log(50_304) + .1 - .03 * i);
        Arrays.setAll(bits, i -> nats[i] / Math.log(2));
        assertThat(UnitRule.byVocabulary(bits, steps, 50_304)).isEqualTo(Unit.BITS);
        assertThat(UnitRule.byVocabulary(nats, steps, 50_304)).isNull();
        assertThat(UnitRule.byVocabulary(bits, steps, null)).isNull();
    }
}
