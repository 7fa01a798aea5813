package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupLagTest {

    private static final TopicPartition ONE = new TopicPartition("training-events", 0);
    private static final TopicPartition TWO = new TopicPartition("training-events", 1);

    private final GroupLag lag = new GroupLag();

    private long at(long seconds, long endOfOne, long doneOfOne) {
        return lag.behind(
                Map.of(ONE, endOfOne, TWO, 0L), Map.of(ONE, new OffsetAndMetadata(doneOfOne)), 1000 * seconds);
    }

    @Test
    void behind_aGroupThatKeepsUp_isNever() {
        assertThat(at(0, 10, 10)).isZero();
        assertThat(at(10, 20, 15))
                .as("an end is waited for from when it was seen")
                .isZero();
        assertThat(at(20, 30, 25)).as("it has been passed").isZero();
    }

    @Test
    void behind_aGroupThatStands_growsUntilItHasPassedTheEnd() {
        assertThat(at(0, 10, 5)).isZero();
        assertThat(at(60, 20, 5)).isEqualTo(60);
        assertThat(at(130, 20, 9)).isEqualTo(130);
        assertThat(at(140, 20, 10)).as("what came later is waited for from now").isZero();
        assertThat(at(150, 20, 20)).isZero();
    }

    @Test
    void behind_aGroupThatNeverCommitted_isBehindWhatIsThere() {
        lag.behind(Map.of(TWO, 7L), Map.of(), 0);
        assertThat(lag.behind(Map.of(TWO, 7L), Map.of(), 90_000)).isEqualTo(90);
    }

    @Test
    void seconds_beforeTheFirstLook_areNotKnown() {
        assertThat(lag.seconds()).isNegative();
    }
}
