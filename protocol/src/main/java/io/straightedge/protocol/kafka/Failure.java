package io.straightedge.protocol.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What kind of failure a Kafka client's exception stands for. */
enum Failure {
    /** Trying again cannot help: a bug, or settings or rights that a person must mend. */
    HOPELESS,
    /** Another producer has taken the transactional id, or the coordinator gave this one's transaction up. */
    FENCED,
    /** The producer is of no further use; a new one is. */
    PRODUCER_LOST,
    /** The transaction is of no further use; the producer is. */
    ABORTABLE;

    /** The kind of the first exception in the chain of causes that tells. */
    static Failure of(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            Failure kind = kindOf(cause);
            if (kind != ABORTABLE) {
                return kind;
            }
        }
        return e instanceof KafkaException ? ABORTABLE : HOPELESS;
    }

    private static Failure kindOf(Throwable e) {
        if (e instanceof ProducerFencedException) {
            return FENCED;
        }
        // Whether a commit that timed out took place is known to the coordinator only: a new producer asks it.
        if (e instanceof InvalidPidMappingException
                || e instanceof OutOfOrderSequenceException
                || e instanceof InvalidProducerEpochException
                || e instanceof TimeoutException) {
            return PRODUCER_LOST;
        }
        if (e instanceof InvalidConfigurationException
                || e instanceof AuthenticationException
                || e instanceof RecordTooLargeException
                || e instanceof SerializationException
                || e instanceof UnsupportedVersionException) {
            return HOPELESS;
        }
        return e instanceof ApplicationRecoverableException ? PRODUCER_LOST : ABORTABLE;
    }
}
