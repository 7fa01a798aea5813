package io.straightedge.deploy.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AxisTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0     | 1     | false | 0.0 0.2 0.4 0.6 0.8 1.0",
                "-2    | 5     | false | -2 -1 0 1 2 3 4 5",
                "-0.11 | 0.12  | false | -0.10 -0.05 0.00 0.05 0.10",
                "2     | 3.4   | true  | 2.0 2.2 2.4 2.6 2.8 3.0 3.2 3.4",
                "1     | 100   | true  | 1e0 1e1 1e2",
                "2     | 40    | true  | 2e0 5e0 1e1 2e1",
                "1e18  | 1e22  | true  | 1e18 1e19 1e20 1e21 1e22",
                "1e10  | 1e26  | true  | 1e12 1e15 1e18 1e21 1e24",
            })
    void ticks_ofARange_areRoundNumbersWithinIt(double least, double most, boolean logarithmic, String labels) {
        Axis axis = new Axis("x", least, most, logarithmic);
        List<String> shown = axis.ticks().stream()
                .map(Axis.Tick::label)
                .filter(label -> !label.isEmpty())
                .toList();
        assertThat(String.join(" ", shown)).isEqualTo(labels);
        double slack = 1e-9 * (most - least);
        assertThat(axis.ticks()).allMatch(tick -> tick.value() >= least - slack && tick.value() <= most + slack);
        axis.ticks().stream()
                .filter(tick -> !tick.label().isEmpty())
                .forEach(tick -> assertThat(Double.parseDouble(tick.label()))
                        .isCloseTo(tick.value(), within(1e-9 * Math.abs(tick.value()) + 1e-12)));
    }

    @Test
    void around_values_leavesRoomAndOverlooksWhatIsNotFinite() {
        Axis axis = Axis.around("x", List.of(1.0, Double.NaN, 10.0, Double.POSITIVE_INFINITY, -5.0), true);
        assertThat(axis.least()).isBetween(0.5, 0.999);
        assertThat(axis.most()).isBetween(10.001, 20.0);
        assertThat(Axis.around("x", List.of(3.0), false).holds(3)).isTrue();
        assertThat(Axis.around("x", List.of(0.0), false).holds(0)).isTrue();
        assertThat(Axis.around("x", List.of(), true).least()).isPositive();
    }

    @Test
    void fraction_onALogarithmicAxis_isOfTheLogarithm() {
        assertThat(new Axis("x", 1, 100, true).fraction(10)).isCloseTo(0.5, within(1e-15));
        assertThat(new Axis("x", 0, 100, false).fraction(10)).isEqualTo(0.1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 1, false", "0, 1, true", "-1, 1, true", "NaN, 1, false", "0, Infinity, false"})
    void axis_withoutARange_isRefused(double least, double most, boolean logarithmic) {
        assertThatThrownBy(() -> new Axis("x", least, most, logarithmic)).isInstanceOf(IllegalArgumentException.class);
    }
}
