package io.straightedge.publisher.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentQuantilesTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1.000000, 3.077684, 12.706205",
        "2, 0.816497, 1.885618, 4.302653",
        "3, 0.764892, 1.637744, 3.182446",
        "5, 0.726687, 1.475884, 2.570582",
        "10, 0.699812, 1.372184, 2.228139",
        "30, 0.682756, 1.310415, 2.042272",
        "1000, 0.674735, 1.282399, 1.962339",
    })
    void of_degrees_equalsThePrintedTable(int degrees, double half50, double half80, double half95) {
        StudentQuantiles quantiles = StudentQuantiles.of(degrees);

        assertThat(quantiles.half50()).isCloseTo(half50, within(half50 * 1e-3));
        assertThat(quantiles.half80()).isCloseTo(half80, within(half80 * 1e-3));
        assertThat(quantiles.half95()).isCloseTo(half95, within(half95 * 1e-3));
    }
}
