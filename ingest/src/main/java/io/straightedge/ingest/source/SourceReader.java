package io.straightedge.ingest.source;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file from its beginning, as its bytes come.
 *
 * <p>The losses it gives, and their order, depend on the bytes alone, not on how they were cut into pieces nor on
 * {@link #pause}: a follower that starts again reads from the beginning and skips as many as it has sent. Not
 * thread-safe.
 */
public interface SourceReader {

    /** Takes the next bytes, all of them; what is not complete waits for more. A broken file is an item, no exception. */
    void read(ByteBuffer bytes, Consumer<? super Item> items);

    /** Nothing has come for a while: losses that wait for company are given now. */
    void pause(Consumer<? super Item> items);

    /**
     * The file will not grow. What is incomplete is not given: a number that was cut is a wrong number. Of a format that
     * is read as a whole, this gives everything.
     */
    void end(Consumer<? super Item> items);

    /** What is there and not yet complete, in a few words for people ("a line without its end"); null when nothing is. */
    @Nullable
    String incomplete();
}
