package io.straightedge.fitter.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.fitter.state.Accounts;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.kafka.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The fitter: training events in, estimates and deviations out, exactly once. */
public final class FitterStage {

    /** Consumer group of all fitters of one installation. */
    public static final String GROUP = "straightedge-fitter";

    /** How often each fitter tells its partitions the time. */
    public static final Duration TICK = Duration.ofSeconds(15);

    private final ExactlyOnce bridge;
    private final Lanes lanes;
    private final LaneMetrics metrics;
    private final Scheduler scheduler;

    /**
     * @param instance stable over restarts, unique among the fitters
     * @param partitions of every topic
     * @param scheduler with a single thread, on which the studies are worked on
     */
    public FitterStage(
            KafkaSettings kafka,
            String instance,
            ExactlyOnce.Protocol protocol,
            int partitions,
            MeterRegistry meters,
            Scheduler scheduler) {
        this.metrics = new LaneMetrics(meters);
        this.lanes = new Lanes(partitions, metrics);
        this.scheduler = scheduler;
        this.bridge = new ExactlyOnce(
                new ExactlyOnce.Options(
                        kafka,
                        GROUP,
                        instance,
                        List.of(Topics.TRAINING_EVENTS),
                        new ExactlyOnce.Restore.Changelog(Topics.FITTER_STATE),
                        protocol),
                lanes);
    }

    /** Runs while subscribed; emits each committed batch. */
    public Flux<Batch.Outputs> run() {
        return bridge.run(batches -> batches.publishOn(scheduler, 1).map(lanes::fold))
                .doOnNext(lanes::committed);
    }

    /** Appends the time to the partitions that are live here, every {@link #TICK}, while subscribed. */
    public Flux<Void> ticks(RecordWriter writer, Clock clock, Scheduler timer) {
        return Flux.interval(TICK, timer)
                .onBackpressureDrop()
                .concatMap(number -> writer.write(Ticks.records(status(), clock.instant()))
                        .onErrorResume(RuntimeException.class, away -> Mono.empty()));
    }

    /** Completes when the Kafka clients are closed. */
    public Mono<Void> stopped() {
        return bridge.stopped();
    }

    public ExactlyOnce.Status status() {
        return bridge.status();
    }

    /** What became of the events of the partitions that are live here, as committed. */
    public Accounts accounts() {
        return metrics.sum();
    }
}
