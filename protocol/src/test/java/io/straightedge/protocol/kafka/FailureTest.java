package io.straightedge.protocol.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FailureTest {

    @ParameterizedTest
    @MethodSource
    void of_exception_isItsKindAlsoAsACause(Throwable e, Failure expected) {
        assertThat(Failure.of(e)).isEqualTo(expected);
        assertThat(Failure.of(new KafkaException("in an error state", e))).isEqualTo(expected);
    }

    static Stream<Arguments> of_exception_isItsKindAlsoAsACause() {
        return Stream.of(
                arguments(new ProducerFencedException("x"), Failure.FENCED),
                arguments(new InvalidPidMappingException("x"), Failure.PRODUCER_LOST),
                arguments(new InvalidProducerEpochException("x"), Failure.PRODUCER_LOST),
                arguments(new OutOfOrderSequenceException("x"), Failure.PRODUCER_LOST),
                arguments(new TimeoutException("x"), Failure.PRODUCER_LOST),
                arguments(new CommitFailedException("x"), Failure.ABORTABLE),
                arguments(new TransactionAbortableException("x"), Failure.ABORTABLE),
                arguments(new NotLeaderOrFollowerException("x"), Failure.ABORTABLE),
                arguments(new RecordTooLargeException("x"), Failure.HOPELESS),
                arguments(new TopicAuthorizationException("x"), Failure.HOPELESS),
                arguments(new SaslAuthenticationException("x"), Failure.HOPELESS),
                arguments(new UnsupportedVersionException("x"), Failure.HOPELESS));
    }

    @org.junit.jupiter.api.Test
    void of_bug_isHopeless() {
        assertThat(Failure.of(new IllegalStateException("bug"))).isEqualTo(Failure.HOPELESS);
    }
}
