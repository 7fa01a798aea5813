package io.straightedge.ingest.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Positions in a local file, one JSON object a line, replaced as a whole: after a crash it is the old one or the new one. A
 * lock file beside it keeps a second process away. Not thread-safe.
 */
final class StateFile implements AutoCloseable {

    private final Path file;
    private final FileChannel lock;
    private final Map<String, Position> positions = new TreeMap<>();

    private StateFile(Path file, FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /**
     * Reads the file; there need not be one yet.
     *
     * @throws IllegalStateException when another process has it, or it holds something else
     */
    static StateFile open(Path path) throws IOException {
        Path file = path.toAbsolutePath();
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel lock = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!locked(lock)) {
                throw new IllegalStateException(
                        "another watcher uses " + file + ": stop it, or give this one another --state");
            }
            StateFile state = new StateFile(file, lock);
            state.read();
            return state;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void read() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                Position position = Json.read(line.getBytes(UTF_8), Position.class);
                positions.put(position.key(), position);
            }
        } catch (MessageException e) {
            throw new IllegalStateException(
                    file + " does not hold positions (" + e.getMessage() + "): name another file with --state", e);
        }
    }

    Collection<Position> positions() {
        return List.copyOf(positions.values());
    }

    /** Takes the positions in and returns when they are on the disk. */
    void save(List<Position> changed) throws IOException {
        changed.forEach(position -> positions.put(position.key(), position));
        List<byte[]> lines = new ArrayList<>();
        int bytes = 0;
        for (Position position : positions.values()) {
            byte[] line = Json.write(position);
            lines.add(line);
            bytes += line.length + 1;
        }
        ByteBuffer text = ByteBuffer.allocate(bytes);
        lines.forEach(line -> text.put(line).put((byte) '\n'));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            text.flip();
            while (text.hasRemaining()) {
                int unused = channel.write(text);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            // The lock goes with the process.
        }
    }
}
