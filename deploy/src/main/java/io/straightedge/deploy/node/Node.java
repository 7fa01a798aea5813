package io.straightedge.deploy.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.straightedge.deploy.broker.EmbeddedBroker;
import io.straightedge.deploy.server.Health;
import io.straightedge.deploy.server.HttpDoor;
import io.straightedge.fitter.stream.FitterStage;
import io.straightedge.ingest.http.EventRoutes;
import io.straightedge.ingest.http.Limits;
import io.straightedge.ingest.http.OtlpRoutes;
import io.straightedge.ingest.mlflow.KafkaLosses;
import io.straightedge.ingest.mlflow.MlflowRoutes;
import io.straightedge.protocol.kafka.GroupLag;
import io.straightedge.protocol.kafka.KafkaSettings;
import io.straightedge.protocol.kafka.KafkaWriter;
import io.straightedge.protocol.kafka.Tail;
import io.straightedge.protocol.kafka.TopicSetup;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.publisher.http.CommandOutlet;
import io.straightedge.publisher.notify.Notifier;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.stream.PublisherStage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRoutes;

/** A running process: broker (unless there is a cluster), topics, stages, server. */
public final class Node implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Closers closers = new Closers();
    private final Health health = new Health();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Sinks.One<Void> failed = Sinks.one();
    private final List<Consumer<HttpServerRoutes>> routes = new ArrayList<>();
    private final NodeOptions options;

    private volatile boolean closing;
    private @Nullable KafkaSettings kafka;
    private @Nullable FitterStage fitter;
    private @Nullable KafkaWriter writer;
    private @Nullable HttpDoor door;

    private Node(NodeOptions options) {
        this.options = options;
    }

    /**
     * Starts everything, in the order in which the parts need one another; on failure what has started is stopped.
     *
     * @throws IOException when a folder cannot be used
     */
    public static Node start(NodeOptions options) throws IOException {
        Node node = new Node(options);
        try {
            node.start();
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Where a browser finds this process. */
    public String url() {
        return require(door).url();
    }

    /** The cluster in use. */
    public KafkaSettings kafka() {
        return require(kafka);
    }

    /** The fitter running here. */
    public FitterStage fitter() {
        return require(fitter);
    }

    /** The writer of training events, shared by the ways in. */
    public KafkaWriter writer() {
        return require(writer);
    }

    /** Meters of everything that runs here. */
    public MeterRegistry meters() {
        return meters;
    }

    /** Partitions of every topic. */
    public int partitions() {
        return options.partitions();
    }

    /** Whether every part is ready. */
    public boolean ready() {
        return health.ready();
    }

    /** Fails when a part has died; never completes otherwise. */
    public Mono<Void> failed() {
        return failed.asMono();
    }

    /** Whether it is being stopped, so that parts which end now have not failed. */
    public boolean closing() {
        return closing;
    }

    /** Stops everything in reverse order. */
    @Override
    public void close() {
        closing = true;
        closers.close();
    }

    private void start() throws IOException {
        HttpDoor.check(options.http());
        closers.add(meters::close);
        kafka = options.cluster() != null ? options.cluster() : embedded();
        TopicSetup.ensure(kafka, options.partitions(), options.replication());
        InstanceLock lock = closers.add(InstanceLock.take(options.locks()));
        writer = closers.add(new KafkaWriter(kafka, "straightedge-writer-" + lock.name(), KafkaWriter.SHORT));
        if (options.stages().contains(Stage.FITTER)) {
            startFitter(kafka, writer, lock.name());
        }
        if (options.stages().contains(Stage.PUBLISHER)) {
            startPublisher(kafka, writer, lock.name());
        }
        if (options.stages().contains(Stage.INGEST)) {
            startIngest(kafka, writer);
        }
        door = closers.add(HttpDoor.open(options.http(), health, meters, routes));
    }

    private KafkaSettings embedded() {
        EmbeddedBroker broker = closers.add(EmbeddedBroker.start(options.broker()));
        return KafkaSettings.of(broker.bootstrapServers());
    }

    private void startFitter(KafkaSettings cluster, KafkaWriter ticks, String instance) {
        Scheduler lanes = scheduler("fitter");
        FitterStage stage = new FitterStage(cluster, instance, options.protocol(), options.partitions(), meters, lanes);
        fitter = stage;
        keep("fitter", stage.run().then(), stage.stopped());
        keep("ticks", stage.ticks(ticks, Clock.systemUTC(), scheduler("ticks")).then(), Mono.empty());
        health.add("fitter", () -> stage.status().live() ? Health.OK : "restoring");
    }

    private void startPublisher(KafkaSettings cluster, KafkaWriter commands, String instance) {
        RuleBook rules = options.alerting().rules();
        Clock clock = Clock.systemUTC();
        GroupLag lag = new GroupLag();
        Notifier notifier = closers.add(Notifier.of(
                new Notifier.Options(
                        rules.sinks(),
                        rules.routes(),
                        rules.maxAge(),
                        options.alerting().page()),
                commands,
                meters,
                clock,
                scheduler("notify"),
                lag::seconds));
        PublisherStage stage = new PublisherStage(
                cluster,
                instance,
                options.protocol(),
                rules,
                notifier,
                new CommandOutlet(commands, options.partitions(), clock),
                meters);
        Gauge.builder("straightedge.fitter.lag.seconds", lag, GroupLag::seconds)
                .description("How far the fitters are behind training-events; negative while it is not known")
                .register(meters);
        keep("fitter lag", watched(lag, cluster, clock), Mono.empty());
        keep("notifier", notifier.run(), Mono.empty());
        keep("publisher", stage.run(), stage.stopped());
        routes.add(stage.routes());
        health.add("publisher", () -> stage.status().ready() ? Health.OK : "restoring");
    }

    private Mono<Void> watched(GroupLag lag, KafkaSettings cluster, Clock clock) {
        return lag.watch(
                cluster,
                FitterStage.GROUP,
                Topics.TRAINING_EVENTS,
                options.partitions(),
                clock,
                scheduler("fitter-lag"));
    }

    private void startIngest(KafkaSettings cluster, KafkaWriter events) {
        routes.add(EventRoutes.routes(events, options.partitions(), meters, Limits.DEFAULT));
        routes.add(OtlpRoutes.routes(events, options.partitions(), meters, Limits.DEFAULT));
        MlflowRoutes tracking = new MlflowRoutes(
                events,
                options.partitions(),
                meters,
                Limits.DEFAULT,
                new KafkaLosses(cluster, options.partitions()),
                Clock.systemUTC());
        keep("tracking", tracking.follow(Tail.follow(cluster, List.of(Topics.TRACKING))), Mono.empty());
        routes.add(tracking);
        health.add("tracking", () -> tracking.ready() ? Health.OK : "restoring");
    }

    /** Runs a part until this process stops; if it ends by itself, the process has failed. */
    private void keep(String name, Mono<Void> part, Mono<Void> stopped) {
        Disposable running = part.subscribe(nothing -> {}, failure -> {
            LOG.error("{} has died", name, failure);
            failed.tryEmitError(new IllegalStateException(name + " has died: " + failure.getMessage(), failure));
        });
        closers.add(() -> {
            running.dispose();
            stopped.block(STOP);
        });
    }

    private Scheduler scheduler(String name) {
        Scheduler scheduler = Schedulers.newSingle("straightedge-" + name);
        closers.add(scheduler::dispose);
        return scheduler;
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("this process does not run that part");
        }
        return part;
    }
}
