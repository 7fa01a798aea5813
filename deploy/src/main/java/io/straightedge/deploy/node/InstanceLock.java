package io.straightedge.deploy.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A name for this process that no other on this machine has, and that a process started after it gets again.
 *
 * <p>The name makes the transactional ids: a successor with the same name ends what its predecessor left open at once,
 * while two living processes with one name would fence each other out. So the name is a slot number held by a file
 * lock, which the kernel gives back even after kill -9.
 */
final class InstanceLock implements AutoCloseable {

    private static final int SLOTS = 1024;

    private final String name;
    private final FileChannel channel;
    private final FileLock lock;

    private InstanceLock(String name, FileChannel channel, FileLock lock) {
        this.name = name;
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the first free slot in a folder. */
    static InstanceLock take(Path folder) throws IOException {
        Files.createDirectories(folder);
        String host = InetAddress.getLocalHost().getHostName();
        for (int slot = 0; slot < SLOTS; slot++) {
            Path file = folder.resolve("straightedge-" + slot + ".lock");
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return new InstanceLock(host + "-" + slot, channel, lock);
            }
            channel.close();
        }
        throw new IOException("all " + SLOTS + " instance slots in " + folder + " are taken");
    }

    String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    /** Null when another process, or another part of this one, holds it. */
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
