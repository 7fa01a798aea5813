package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogLineTest {

    @Test
    void root_anIncreasingFunction_isFoundToTheLastDigits() {
        assertThat(LogLine.root(x -> x * x - 2, 1e-30, 1e30)).isCloseTo(Math.sqrt(2), within(1e-13));
        assertThat(LogLine.root(x -> x - 1e20, 1, 1e300)).isCloseTo(1e20, within(1e7));
    }

    @Test
    void root_withoutOne_isTheNearestEnd() {
        assertThat(LogLine.root(x -> 1, 1, 10)).isCloseTo(1, within(1e-12));
        assertThat(LogLine.root(x -> Double.NaN, 1, 10)).isCloseTo(10, within(1e-12));
    }

    @Test
    void minimum_aValleyWithACliff_isFound() {
        double found = LogLine.minimum(x -> x < 3 ? Double.POSITIVE_INFINITY : Math.pow(Math.log(x / 5), 2), 1, 1e6);
        assertThat(found).isCloseTo(5, within(1e-6));
    }

    @Test
    void minimum_atAnEnd_isThatEnd() {
        assertThat(LogLine.minimum(x -> x, 2, 100)).isCloseTo(2, within(1e-7));
        assertThat(LogLine.minimum(x -> -x, 2, 100)).isCloseTo(100, within(1e-6));
    }
}
