package io.straightedge.protocol.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * Consumes, transforms and produces in transactions: what a batch writes, how far its partitions have been read and
 * what is remembered of them become visible together or not at all.
 */
public final class ExactlyOnce {

    /** Which of Kafka's two group protocols to speak. */
    public enum Protocol {
        /** The broker assigns partitions and moves only those that must move (KIP-848). */
        CONSUMER,
        /** The first member assigns partitions; every member gives all of them up at each change. */
        CLASSIC
    }

    /** Where the state of a partition is rebuilt from before its first record. */
    public sealed interface Restore {

        /** A compacted topic that the batches themselves write; the bridge adds the positions of the inputs. */
        record Changelog(String topic) implements Restore {}

        /**
         * Compacted input topics, up to what the group has committed of each, and compacted topics that are read to
         * their end: what the batches write, and inputs of which more may be known than is worked on; in no order
         * between topics.
         *
         * @param topics up to what is committed
         * @param outputs to their end
         */
        record Inputs(List<String> topics, List<String> outputs) implements Restore {
            public Inputs {
                topics = List.copyOf(topics);
                outputs = List.copyOf(outputs);
            }

            public Inputs(List<String> topics) {
                this(topics, List.of());
            }
        }
    }

    /**
     * What one bridge does.
     *
     * @param group the consumer group
     * @param instance stable over restarts and unique in the group: group and instance make the transactional id
     * @param inputs co-partitioned topics: partitions of one number always come together
     */
    public record Options(
            KafkaSettings kafka,
            String group,
            String instance,
            List<String> inputs,
            Restore restore,
            Protocol protocol) {
        public Options {
            inputs = List.copyOf(inputs);
            if (group.isBlank() || instance.isBlank() || inputs.isEmpty()) {
                throw new IllegalArgumentException("group, instance and at least one input are needed");
            }
        }

        String transactionalId() {
            return group + "-" + instance;
        }
    }

    /**
     * What the bridge is doing.
     *
     * @param phases by partition number, of the partitions assigned
     * @param commits transactions committed since the start
     * @param aborts batches that were worked on and then taken back
     * @param lag records between what is read and what could be, of the partitions that are live
     */
    public record Status(Map<Integer, Phase> phases, long commits, long aborts, Map<TopicPartition, Long> lag) {
        public Status {
            phases = Map.copyOf(phases);
            lag = Map.copyOf(lag);
        }

        /** Whether partitions are assigned and all of them are live. */
        public boolean live() {
            return !phases.isEmpty() && phases.values().stream().allMatch(phase -> phase == Phase.LIVE);
        }
    }

    private final Options options;
    private final Clients clients;
    private final Duration revocationWaits;
    private final Partitions partitions;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Status status = new Status(Map.of(), 0, 0, Map.of());
    private volatile CompletableFuture<@Nullable Void> stopped = CompletableFuture.completedFuture(null);

    public ExactlyOnce(Options options, PartitionState state) {
        this(options, state, Clients.of(options), Loop.REVOCATION_WAITS);
    }

    ExactlyOnce(Options options, PartitionState state, Clients clients, Duration revocationWaits) {
        this.revocationWaits = revocationWaits;
        this.options = options;
        this.clients = clients;
        this.partitions = new Partitions(options.inputs(), state);
    }

    /**
     * Runs while subscribed. Emits each batch's outputs once they are committed (readers may see them some milliseconds
     * later, when Kafka has marked each partition); cancelling stops cleanly; an error is
     * a bug or something that only a person can mend, never a broker that is away.
     *
     * @param transform gives exactly one {@link Batch.Outputs} per batch; may change threads
     */
    public Flux<Batch.Outputs> run(Function<Flux<Batch>, Flux<Batch.Outputs>> transform) {
        return Flux.defer(() -> {
            AtomicReference<@Nullable Exchange> exchange = new AtomicReference<>();
            Flux<Batch> batches = Flux.create(sink -> {
                Exchange fresh = new Exchange(sink);
                exchange.set(fresh);
                start(fresh, sink);
            });
            return transform
                    .apply(batches)
                    .concatMap(outputs -> Objects.requireNonNull(exchange.get()).settle(outputs), 0);
        });
    }

    private void start(Exchange exchange, FluxSink<Batch> sink) {
        if (!running.compareAndSet(false, true)) {
            sink.error(new IllegalStateException(options.transactionalId() + " runs already"));
            return;
        }
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        stopped = ended;
        Loop loop = new Loop(options, clients, partitions, exchange, snapshot -> status = snapshot, revocationWaits);
        Thread thread = new Thread(
                () -> {
                    Throwable failure = loop.call();
                    running.set(false);
                    ended.complete(null);
                    exchange.ended(failure);
                },
                options.transactionalId());
        thread.start();
    }

    /** Completes when the clients are closed after {@link #run} has ended or was cancelled; at once before any run. */
    public Mono<Void> stopped() {
        return Mono.defer(() -> Mono.fromFuture(stopped, true));
    }

    /** The latest snapshot; any thread. */
    public Status status() {
        return status;
    }
}
