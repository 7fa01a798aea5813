package io.straightedge.protocol.law;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables of Hoffmann et al. 2022, size by size: whether C = 6ND can hold for some numbers that print as these do.
 *
 * <p>N is exact, C has two decimals, D one. The rows where it cannot are errors of print: of 175B by approach 3, C is
 * 1.26e25 and not 1.26e24; of 280B, D is 21.0T and not 20.1T; the row of 67B by approach 3 holds for 70B; that of 67B by
 * approach 1, Gopher's budget, has 1.4T for that budget and not 1.5T.
 */
class HoffmannTablesTest {

    private static boolean consistent(double params, double flops, double tokens, double tokensUnit) {
        double flopsHalf = 0.005 * Math.pow(10, Math.floor(Math.log10(flops)));
        double low = Variable.COMPUTE.of(params, tokens - tokensUnit / 20);
        double high = Variable.COMPUTE.of(params, tokens + tokensUnit / 20);
        return low <= flops + flopsHalf && high >= flops - flopsHalf;
    }

    @ParameterizedTest
    @CsvSource({
        "A1, 400e6, 1.92e19, 8.0e9, 1e9",
        "A1, 1e9, 1.21e20, 20.2e9, 1e9",
        "A1, 10e9, 1.23e22, 205.1e9, 1e9",
        "A1, 175e9, 3.85e24, 3.7e12, 1e12",
        "A1, 280e9, 9.90e24, 5.9e12, 1e12",
        "A1, 520e9, 3.43e25, 11.0e12, 1e12",
        "A1, 1e12, 1.27e26, 21.2e12, 1e12",
        "A1, 10e12, 1.30e28, 216.2e12, 1e12",
        "A2, 400e6, 1.84e19, 7.7e9, 1e9",
        "A2, 1e9, 1.20e20, 20.0e9, 1e9",
        "A2, 10e9, 1.32e22, 219.5e9, 1e9",
        "A2, 67e9, 6.88e23, 1.7e12, 1e12",
        "A2, 175e9, 4.54e24, 4.3e12, 1e12",
        "A2, 280e9, 1.18e25, 7.1e12, 1e12",
        "A2, 520e9, 4.19e25, 13.4e12, 1e12",
        "A2, 1e12, 1.59e26, 26.5e12, 1e12",
        "A2, 10e12, 1.75e28, 292.0e12, 1e12",
        "A3, 400e6, 2.21e19, 9.2e9, 1e9",
        "A3, 1e9, 1.62e20, 27.1e9, 1e9",
        "A3, 10e9, 2.46e22, 410.1e9, 1e9",
        "A3, 520e9, 1.36e26, 43.5e12, 1e12",
        "A3, 1e12, 5.65e26, 94.1e12, 1e12",
        "A3, 10e12, 8.55e28, 1425.5e12, 1e12",
        "A3 with 1.26e25 for 1.26e24, 175e9, 1.26e25, 12.0e12, 1e12",
        "A3 with 21.0T for 20.1T, 280e9, 3.52e25, 21.0e12, 1e12",
        "A3 with 70B for 67B, 70e9, 1.71e24, 4.1e12, 1e12",
        "A1 with 1.4T for 1.5T, 67e9, 5.76e23, 1.4e12, 1e12"
    })
    void row_asPrintedOrMended_isConsistent(
            String table, double params, double flops, double tokens, double tokensUnit) {
        assertThat(consistent(params, flops, tokens, tokensUnit)).as(table).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "A3, 175e9, 1.26e24, 12.0e12, 1e12",
        "A3, 280e9, 3.52e25, 20.1e12, 1e12",
        "A3, 67e9, 1.71e24, 4.1e12, 1e12",
        "A1, 67e9, 5.76e23, 1.5e12, 1e12"
    })
    void row_misprinted_isNot(String table, double params, double flops, double tokens, double tokensUnit) {
        assertThat(consistent(params, flops, tokens, tokensUnit)).as(table).isFalse();
    }
}
