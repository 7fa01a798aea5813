package io.straightedge.deploy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import io.straightedge.deploy.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka broker in a container of its own, which can be killed and paused.
 *
 * <p>Its settings are the embedded broker's, so that a test sees the same time-outs on both. The port on the host is
 * fixed: a killed broker comes back where its clients look for it.
 */
final class ContainerBroker implements Broker {

    private static final Duration STARTUP = Duration.ofSeconds(90);

    /** Settings that the container's own layout decides. */
    private static final Set<String> LAYOUT =
            Set.of("process.roles", "controller.listener.names", "listener.security.protocol.map");

    private static final Optional<String> UNAVAILABLE = findOut();

    private final KafkaContainer container;

    private ContainerBroker(KafkaContainer container) {
        this.container = container;
    }

    /**
     * A new broker. Without an engine or an image the test is skipped with the reason, but on CI, where it fails.
     */
    static ContainerBroker open() {
        requireAvailable();
        DockerImageName image = DockerImageName.parse(image().orElseThrow()).asCompatibleSubstituteFor("apache/kafka");
        KafkaContainer container =
                new KafkaContainer(image).withEnv(environment()).withStartupTimeout(STARTUP);
        container.setPortBindings(List.of("127.0.0.1:" + freePort() + ":9092"));
        container.start();
        return new ContainerBroker(container);
    }

    /** Why containers cannot be used here, if they cannot. */
    static Optional<String> unavailable() {
        return UNAVAILABLE;
    }

    private static void requireAvailable() {
        if (unavailable().isEmpty()) {
            return;
        }
        String reason = unavailable().orElseThrow();
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("on CI container tests must run: " + reason);
        }
        Assumptions.abort(reason);
    }

    @Override
    public String bootstrapServers() {
        return container.getBootstrapServers();
    }

    /** Ends the broker as {@code kill -9} does; its data stays. */
    void kill() {
        docker().killContainerCmd(container.getContainerId()).exec();
    }

    /** Starts a killed broker again and returns when it answers. */
    void start() {
        docker().startContainerCmd(container.getContainerId()).exec();
        // The client itself retries until its time-out, so that nothing here has to sleep.
        String patience = Long.toString(STARTUP.toMillis());
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", bootstrapServers(), "default.api.timeout.ms", patience))) {
            admin.describeCluster().nodes().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker did not come back:\n" + container.getLogs(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops the broker's processes where they are, as a stalled machine does; connections stay open. */
    void pause() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    /** Lets a paused broker go on. */
    void resume() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }

    private static DockerClient docker() {
        return DockerClientFactory.lazyClient();
    }

    private static Optional<String> findOut() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of("no Docker engine answers; as root, deploy/docker-engine.sh start starts one");
        }
        if (image().isEmpty()) {
            return Optional.of("no Kafka image here, looked for " + candidates().toList()
                    + "; `make image` builds one, or `docker pull` the last");
        }
        return Optional.empty();
    }

    /** The first image that is here: nothing is pulled in the middle of a test. */
    private static Optional<String> image() {
        return candidates().filter(ContainerBroker::isHere).findFirst();
    }

    private static Stream<String> candidates() {
        String chosen = System.getenv("STRAIGHTEDGE_KAFKA_IMAGE");
        String version = AppInfoParser.getVersion();
        return chosen == null || chosen.isBlank()
                ? Stream.of("straightedge/kafka:" + version, "apache/kafka:" + version)
                : Stream.of(chosen);
    }

    private static boolean isHere(String image) {
        try {
            docker().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** The embedded broker's settings as the variables that a Kafka image takes. */
    private static Map<String, String> environment() {
        Properties settings = new Properties();
        try (InputStream fixed =
                Objects.requireNonNull(EmbeddedBroker.class.getResourceAsStream("broker.properties"))) {
            settings.load(fixed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings.stringPropertyNames().stream()
                .filter(name -> !LAYOUT.contains(name))
                .collect(Collectors.toMap(
                        name -> "KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), settings::getProperty));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
