package io.straightedge.protocol.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * How far a consumer group is behind a topic, wherever its members run: the age of the oldest end of a partition that it has
 * not committed since that was seen to be the end. Known to within {@link #EVERY}; seen as well when no member is left.
 */
public final class GroupLag {

    public static final Duration EVERY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(GroupLag.class);
    private static final long UNKNOWN = -1;

    private record End(long offset, long seenMillis) {}

    /** Of one thread: the scheduler's that looks. */
    private final Map<TopicPartition, End> waitedFor = new HashMap<>();

    private volatile long seconds = UNKNOWN;

    /** Seconds; negative while it is not known. */
    public long seconds() {
        return seconds;
    }

    /** Looks every {@link #EVERY} while subscribed; a broker that does not answer is asked again. */
    public Mono<Void> watch(
            KafkaSettings kafka, String group, String topic, int partitions, Clock clock, Scheduler scheduler) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        return Flux.using(
                        () -> Admin.create(kafka.admin()),
                        admin -> Flux.interval(EVERY, scheduler)
                                .onBackpressureDrop()
                                .doOnNext(tick -> look(admin, group, all, clock.millis())),
                        admin -> admin.close(Duration.ofSeconds(1)))
                .then();
    }

    private void look(Admin admin, String group, List<TopicPartition> partitions, long nowMillis) {
        try {
            Map<TopicPartition, Long> ends = admin
                    .listOffsets(partitions.stream().collect(Collectors.toMap(all -> all, all -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> offset(end.getValue())));
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            seconds = behind(ends, committed, nowMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            seconds = UNKNOWN;
            LOG.debug("how far a group is behind is not known", e);
        }
    }

    private static long offset(ListOffsetsResultInfo info) {
        return info.offset();
    }

    /** Seconds by these ends and committed offsets; partitions without a commit have been read up to 0. */
    long behind(Map<TopicPartition, Long> ends, Map<TopicPartition, OffsetAndMetadata> committed, long nowMillis) {
        long worst = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata commit = committed.get(end.getKey());
            long done = commit == null ? 0 : commit.offset();
            End waited = waitedFor.get(end.getKey());
            if (done >= end.getValue()) {
                waitedFor.remove(end.getKey());
            } else if (waited == null || done >= waited.offset()) {
                waitedFor.put(end.getKey(), new End(end.getValue(), nowMillis));
            } else {
                worst = Math.max(worst, (nowMillis - waited.seenMillis()) / 1000);
            }
        }
        return worst;
    }
}
