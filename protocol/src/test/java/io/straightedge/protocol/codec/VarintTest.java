package io.straightedge.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, 1L << 31, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void put_thenTake_isTheNumberInAsManyBytesAsTold(long number) {
        ByteBuffer bytes = ByteBuffer.allocate(10);
        Varint.put(bytes, number);
        assertThat(bytes.position()).isEqualTo(Varint.bytes(number));
        assertThat(Varint.take(bytes.flip())).isEqualTo(number);
    }
}
