package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "olmo", "study-0", "étude", "研究", "a much longer name of a study/with/slashes"})
    void partitionOf_anyStudy_isTheDefaultPartitionersChoice(String study) {
        for (int partitions : List.of(1, 3, 12, 97)) {
            assertThat(Topics.partitionOf(study, partitions))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(study.getBytes(StandardCharsets.UTF_8), partitions));
        }
    }
}
