package io.straightedge.publisher.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.protocol.kafka.Batch;
import io.straightedge.protocol.kafka.ExactlyOnce;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.publisher.http.CommandOutlet;
import io.straightedge.publisher.http.PublisherRoutes;
import io.straightedge.publisher.notify.AlertTelling;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.view.View;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The publisher: the lanes of predictions and of alerts, the read model and the routes on it. {@code deploy} subscribes to {@link #run} and
 * serves {@link #routes}.
 */
public final class PublisherStage {

    /** The consumer group of the prediction lane. */
    public static final String GROUP = "straightedge-publisher";

    /** The consumer group of the alert lane. */
    public static final String ALERT_GROUP = "straightedge-alerts";

    private static final List<String> INPUTS = List.of(Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES);

    private static final List<String> ALERT_INPUTS =
            List.of(Topics.DEVIATIONS, Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES, Topics.ALERT_COMMANDS);

    /** Commands to their end: what sinks were told since the last commit, or at all after a reset, must not be told again. */
    private static final ExactlyOnce.Restore ALERT_RESTORE = new ExactlyOnce.Restore.Inputs(
            List.of(Topics.CURVE_ESTIMATES, Topics.LAW_ESTIMATES), List.of(Topics.ALERTS, Topics.ALERT_COMMANDS));

    /**
     * How the stage is.
     *
     * @param lane of predictions
     * @param alerts the alert lane
     * @param viewCaughtUp whether the read model has seen all that was there when it began
     */
    public record Status(ExactlyOnce.Status lane, ExactlyOnce.Status alerts, boolean viewCaughtUp) {

        /** Whether it answers from a complete read model and its lanes work. */
        public boolean ready() {
            return viewCaughtUp && lane.live() && alerts.live();
        }
    }

    private final KafkaSettings kafka;
    private final PredictionState state;
    private final ExactlyOnce lane;
    private final AlertState alertState;
    private final ExactlyOnce alertLane;
    private final View view;
    private final PublisherRoutes routes;

    /**
     * A stage that does nothing until {@link #run} is subscribed to.
     *
     * @param instance stable over restarts and unique in the group
     * @param rules of alerting
     * @param telling who brings alerts to people
     * @param outlet where what people say of alerts goes
     */
    public PublisherStage(
            KafkaSettings kafka,
            String instance,
            ExactlyOnce.Protocol protocol,
            RuleBook rules,
            AlertTelling telling,
            CommandOutlet outlet,
            MeterRegistry meters) {
        this.kafka = kafka;
        this.state = new PredictionState(meters);
        this.lane = new ExactlyOnce(
                new ExactlyOnce.Options(
                        kafka, GROUP, instance, INPUTS, new ExactlyOnce.Restore.Inputs(INPUTS), protocol),
                state);
        this.alertState = new AlertState(rules, telling, meters);
        this.alertLane = new ExactlyOnce(
                new ExactlyOnce.Options(kafka, ALERT_GROUP, instance, ALERT_INPUTS, ALERT_RESTORE, protocol),
                alertState);
        this.view = new View(meters);
        this.routes = new PublisherRoutes(view, outlet);
    }

    /** Runs lanes and read model while subscribed; never completes by itself; an error means stop the process. */
    public Mono<Void> run() {
        Flux<Batch.Outputs> predictions =
                lane.run(batches -> batches.map(state::apply)).doOnNext(state::committed);
        Flux<Tail.Chunk> reading =
                Tail.follow(kafka, View.TOPICS).doOnNext(chunk -> view.apply(chunk.records(), chunk.caughtUp()));
        Flux<Batch.Outputs> alerts =
                alertLane.run(batches -> batches.map(alertState::apply)).doOnNext(alertState::committed);
        return Mono.when(predictions, alerts, reading);
    }

    /** Completes when the lanes' clients are closed after {@link #run} was cancelled or has failed. */
    public Mono<Void> stopped() {
        return Mono.when(lane.stopped(), alertLane.stopped());
    }

    /** The latest status; any thread. */
    public Status status() {
        return new Status(lane.status(), alertLane.status(), view.caughtUp());
    }

    /** The read model; any thread. */
    public View view() {
        return view;
    }

    /** The routes of API and dashboard; those that write are about alerts. */
    public Consumer<HttpServerRoutes> routes() {
        return routes;
    }
}
