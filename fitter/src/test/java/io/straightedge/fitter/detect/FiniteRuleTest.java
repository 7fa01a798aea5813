package io.straightedge.fitter.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.run.LossObservation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiniteRuleTest {

    @ParameterizedTest(name = "loss {0}, gradient norm {1}, NaN iterations {2} after {3}: {4}, usable {5}")
    @CsvSource({
        "2.5, 1.0, , -1, , true",
        "2.5, NaN, , -1, , true",
        "0.0, 1.0, , -1, , true",
        "0.0, NaN, , -1, the loss is logged as 0 and the gradient norm is NaN, false",
        "NaN, 1.0, , -1, the loss is NaN, true",
        "-Infinity, , , -1, the loss is -Infinity, true",
        " , 1.0, , -1, the loss is missing, true",
        "2.5, 1.0, 3, 3, , true",
        "2.5, 1.0, 5, 3, 2 iterations were not finite since the last log line, true",
        "2.5, 1.0, 5, -1, , true",
    })
    void fault_table(
            @Nullable Double loss,
            @Nullable Double gradNorm,
            @Nullable Long nanIterations,
            long before,
            @Nullable String fault,
            boolean usable) {
        LossObservation seen =
                new LossObservation("s", "r", 1, null, loss, "train", null, gradNorm, nanIterations, null, null);
        assertThat(FiniteRule.fault(seen, before)).isEqualTo(fault);
        assertThat(FiniteRule.usable(seen)).isEqualTo(usable);
    }
}
