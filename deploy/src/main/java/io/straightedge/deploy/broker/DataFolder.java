package io.straightedge.deploy.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A broker's folder, locked while it is used. The operating system lets go of the lock when the process dies, so a
 * killed broker leaves none behind.
 */
final class DataFolder implements AutoCloseable {

    private final Path path;
    private final boolean temporary;
    private final FileChannel lock;

    private DataFolder(Path path, boolean temporary) throws IOException {
        this.path = path;
        this.temporary = temporary;
        Files.createDirectories(path);
        this.lock = FileChannel.open(
                path.resolve("straightedge.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(lock)) {
            lock.close();
            throw new IllegalStateException(
                    "another straightedge process is using " + path + ": stop it, or give another folder with --data");
        }
        Files.createDirectories(log());
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** A folder that is kept; made if it is not there. */
    static DataFolder of(Path path) {
        try {
            return new DataFolder(path.toAbsolutePath(), false);
        } catch (IOException e) {
            throw new IllegalStateException("the data folder " + path + " cannot be used: " + e, e);
        }
    }

    /** A new folder that {@link #close} deletes. */
    static DataFolder temporary() {
        try {
            return new DataFolder(Files.createTempDirectory("straightedge-broker"), true);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the broker", e);
        }
    }

    Path path() {
        return path;
    }

    /** The folder of Kafka's own files. */
    Path log() {
        return path.resolve("kafka");
    }

    /** The id that an earlier start gave the cluster; formatting with another one is refused by Kafka. */
    Optional<String> clusterId() throws IOException {
        Path file = log().resolve("meta.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return Optional.ofNullable(properties.getProperty("cluster.id"));
    }

    @Override
    public void close() {
        try {
            lock.close();
            if (temporary) {
                delete();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the broker's folder " + path + " cannot be closed", e);
        }
    }

    private void delete() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(path)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
