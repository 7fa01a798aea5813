package io.straightedge.deploy.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and its KRaft controller in this JVM, for one machine: one replica of everything, loopback only.
 *
 * <p>Time-outs are short, so that a second instance of a stage sees in seconds that the first has gone. A folder that
 * was left by a killed process is taken up again.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final String HOST = "127.0.0.1";
    private static final int NODE_ID = 1;
    private static final String SETTINGS = "broker.properties";

    /** Another process may take a free port between our finding and the broker's binding it. */
    private static final int BIND_ATTEMPTS = 5;

    /**
     * Where and on which port.
     *
     * @param data folder that is kept, or null for a temporary one that is deleted on close
     * @param port port on 127.0.0.1, or 0 for a free one
     */
    public record Options(@Nullable Path data, int port) {
        public Options {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port is " + port + ": give 0 (any free one) to 65535");
            }
        }

        /** A temporary folder and a free port. */
        public static Options temporary() {
            return new Options(null, 0);
        }
    }

    private final DataFolder folder;
    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(DataFolder folder, KafkaRaftServer server, int port) {
        this.folder = folder;
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it accepts connections.
     *
     * @throws IllegalStateException when the folder or the port is in use, saying which
     */
    public static EmbeddedBroker start(Options options) {
        DataFolder folder = options.data() == null ? DataFolder.temporary() : DataFolder.of(options.data());
        try {
            format(folder);
            return start(options, folder);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static EmbeddedBroker start(Options options, DataFolder folder) {
        for (int attempt = 1; ; attempt++) {
            int port = options.port() == 0 ? freePort() : options.port();
            refuseTakenPort(port);
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(settings(folder, port, freePort()), false), Time.SYSTEM);
            try {
                server.startup();
                LOG.info("broker on {}:{}, data in {}", HOST, port, folder.path());
                return new EmbeddedBroker(folder, server, port);
            } catch (RuntimeException e) {
                server.shutdown();
                server.awaitShutdown();
                if (!bindFailed(e) || attempt == BIND_ATTEMPTS) {
                    throw new IllegalStateException("the embedded broker did not start: " + e.getMessage(), e);
                }
            }
        }
    }

    private static boolean bindFailed(@Nullable Throwable e) {
        return e != null && (e instanceof BindException || bindFailed(e.getCause()));
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Where its data is. */
    public Path folder() {
        return folder.path();
    }

    /** Stops the broker in order; a temporary folder is deleted. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        folder.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + HOST, e);
        }
    }

    private static void refuseTakenPort(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "port " + port + " on " + HOST + " is in use: stop what listens there or choose another port", e);
        }
    }

    /** Gives a new folder its cluster id; leaves a formatted one as it is. */
    private static void format(DataFolder folder) {
        String path = folder.log().toString();
        try {
            String cluster =
                    folder.clusterId().orElseGet(() -> Uuid.randomUuid().toString());
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE_ID)
                    .setClusterId(cluster)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(path)
                    .addDirectory(path)
                    .setIgnoreFormatted(true)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setFeatureLevel(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel())
                    .setFeatureLevel(GroupVersion.FEATURE_NAME, GroupVersion.GV_1.featureLevel())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("the broker's data folder " + folder.path() + " cannot be used: " + e, e);
        }
    }

    /** The fixed settings, and those that only this start knows. */
    private static Properties settings(DataFolder folder, int port, int controllerPort) {
        Properties settings = new Properties();
        try (InputStream fixed = Objects.requireNonNull(EmbeddedBroker.class.getResourceAsStream(SETTINGS), SETTINGS)) {
            settings.load(fixed);
        } catch (IOException e) {
            throw new UncheckedIOException(SETTINGS, e);
        }
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        settings.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        settings.put("log.dirs", folder.log().toString());
        return settings;
    }
}
