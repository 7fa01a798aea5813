package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {

    /** Two-sided 50, 80, 90, 95 and 99 % points as printed in every table. */
    @ParameterizedTest
    @CsvSource({
        "1, 1.000000, 3.077684, 6.313752, 12.706205, 63.656741",
        "2, 0.816497, 1.885618, 2.919986, 4.302653, 9.924843",
        "3, 0.764892, 1.637744, 2.353363, 3.182446, 5.840909",
        "4, 0.740697, 1.533206, 2.131847, 2.776445, 4.604095",
        "5, 0.726687, 1.475884, 2.015048, 2.570582, 4.032143",
        "10, 0.699812, 1.372184, 1.812461, 2.228139, 3.169273",
        "30, 0.682756, 1.310415, 1.697261, 2.042272, 2.749996",
        "1000, 0.674735, 1.282399, 1.646379, 1.962339, 2.580755",
    })
    void central_degrees_equalsThePrintedTable(
            int degrees, double p50, double p80, double p90, double p95, double p99) {
        assertThat(StudentT.central(degrees, 0.5)).isCloseTo(p50, within(1e-6));
        assertThat(StudentT.central(degrees, 0.8)).isCloseTo(p80, within(1e-6));
        assertThat(StudentT.central(degrees, 0.9)).isCloseTo(p90, within(1e-6));
        assertThat(StudentT.central(degrees, 0.95)).isCloseTo(p95, within(1e-6));
        assertThat(StudentT.central(degrees, 0.99)).isCloseTo(p99, within(1e-6));
    }

    @Test
    void central_manyDegrees_isNearlyNormal() {
        assertThat(StudentT.central(1_000_000, 0.95)).isCloseTo(1.959964, within(3e-3));
    }

    @Test
    void central_outsideItsDomain_refuses() {
        assertThatThrownBy(() -> StudentT.central(0, 0.9)).hasMessageContaining("0 degrees");
        assertThatThrownBy(() -> StudentT.central(3, 1)).hasMessageContaining("level 1.0");
    }
}
