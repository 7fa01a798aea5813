package io.straightedge.ingest.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.run.LossObservation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastAttemptTest {

    /** Steps with losses, "10:3.5 20:3.2". */
    private static List<LossObservation> log(String text) {
        List<LossObservation> log = new ArrayList<>();
        for (String each : text.split(" ", -1)) {
            String[] parts = each.split(":", 2);
            log.add(LossObservation.of("s", "r", Long.parseLong(parts[0]), Double.parseDouble(parts[1])));
        }
        return log;
    }

    @ParameterizedTest
    @CsvSource({
        "a clean log,                 10:5 20:4 30:3,                     0 1 2",
        "a duplicate,                 10:5 20:4 20:4 30:3,                0 1 3",
        "an old duplicate,            10:5 20:4 30:3 10:5 40:2,           0 1 2 4",
        "one straggler,               10:5 30:3 20:4 40:2,                0 1 3",
        "a restart from a checkpoint, 10:5 20:4 30:3 20:4.1 30:3.1,       0 3 4",
        "a second log appended,       10:5 20:4 10:5.5 20:4.5,            2 3",
        "three behind in a row,       10:5 40:4 12:5 14:4.9 16:4.8 18:4.7, 0 4 5",
        "the last step revised,       10:5 20:4 20:4.5 30:3,              0 1 3",
    })
    void of_aLog_keepsWhatTheLiveLaneKeeps(String name, String log, String kept) {
        int[] expected =
                Arrays.stream(kept.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        assertThat(LastAttempt.of(log(log))).as(name).containsExactly(expected);
    }

    @Test
    void of_nothing_isNothing() {
        assertThat(LastAttempt.of(List.of())).isEmpty();
    }
}
