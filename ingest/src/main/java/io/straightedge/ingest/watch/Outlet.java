package io.straightedge.ingest.watch;

import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Where events go, and where it is remembered how far they went. Used by one thread. */
public interface Outlet extends AutoCloseable {

    /** What was remembered; blocks. */
    Collection<Position> load() throws IOException, InterruptedException;

    /**
     * Stores the events, and the positions with or after them; blocks until that is done, however long the other side is
     * away.
     *
     * @throws IOException or an unchecked exception when trying again cannot help
     */
    void send(List<TrainingEvent> events, List<Position> positions) throws IOException, InterruptedException;

    @Override
    void close();
}
