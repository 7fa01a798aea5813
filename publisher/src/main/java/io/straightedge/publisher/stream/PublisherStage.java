package io.straightedge.publisher.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.publisher.http.PublisherRoutes;
import io.straightedge.publisher.view.View;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The publisher: the prediction lane, the read model and the routes on it. {@code deploy} subscribes to {@link #run} and
 * serves {@link #routes}.
 */
public final class PublisherStage {

    /** The consumer group of the prediction lane. */
    public static final String GROUP = "straightedge-publisher";

    private static final List<String> INPUTS = List.of(Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES);

    /**
     * How the stage is.
     *
     * @param viewCaughtUp whether the read model has seen all that was there when it began
     */
    public record Status(ExactlyOnce.Status lane, boolean viewCaughtUp) {

        /** Whether it answers from a complete read model and its lane works. */
        public boolean ready() {
            return viewCaughtUp && lane.live();
        }
    }

    private final KafkaSettings kafka;
    private final PredictionState state;
    private final ExactlyOnce lane;
    private final View view;
    private final PublisherRoutes routes;

    /**
     * A stage that does nothing until {@link #run} is subscribed to.
     *
     * @param instance stable over restarts and unique in the group
     */
    public PublisherStage(KafkaSettings kafka, String instance, ExactlyOnce.Protocol protocol, MeterRegistry meters) {
        this.kafka = kafka;
        this.state = new PredictionState(meters);
        this.lane = new ExactlyOnce(
                new ExactlyOnce.Options(
                        kafka, GROUP, instance, INPUTS, new ExactlyOnce.Restore.Inputs(INPUTS), protocol),
                state);
        this.view = new View(meters);
        this.routes = new PublisherRoutes(view);
    }

    /** Runs lane and read model while subscribed; never completes by itself; an error means stop the process. */
    public Mono<Void> run() {
        Flux<Batch.Outputs> predictions =
                lane.run(batches -> batches.map(state::apply)).doOnNext(state::committed);
        Flux<Tail.Chunk> reading =
                Tail.follow(kafka, View.TOPICS).doOnNext(chunk -> view.apply(chunk.records(), chunk.caughtUp()));
        return Mono.when(predictions, reading);
    }

    /** Completes when the lane's clients are closed after {@link #run} was cancelled or has failed. */
    public Mono<Void> stopped() {
        return lane.stopped();
    }

    /** The latest status; any thread. */
    public Status status() {
        return new Status(lane.status(), view.caughtUp());
    }

    /** The read model; any thread. */
    public View view() {
        return view;
    }

    /** The routes of API and dashboard, all of them GET. */
    public Consumer<HttpServerRoutes> routes() {
        return routes;
    }
}
