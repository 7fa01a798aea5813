package io.straightedge.ingest.source;

import org.jspecify.annotations.Nullable;

/** A kind of file. Immutable, thread-safe. */
public interface Format {

    /** Bytes of a file's beginning, unpacked, that are enough to recognise it: what {@link #recognise} gets at most. */
    int HEAD_BYTES = 64 << 10;

    /** Its name for {@code --format}, in lower case with hyphens. */
    String name();

    /** One line for people: who writes such files. */
    String description();

    /**
     * Why the file is of this format ("starts with the header of an event file"); null when it is not, or it is too
     * short to say.
     *
     * @param fileName without folders and without {@code .gz}
     * @param head the unpacked beginning, up to {@link #HEAD_BYTES}; the whole file if it is shorter
     */
    @Nullable
    String recognise(String fileName, byte[] head);

    /**
     * Whether the file is written anew as a whole, and so has to be read again as a whole whenever it changes. Its reader
     * gets all bytes, then {@link SourceReader#end}.
     */
    default boolean whole() {
        return false;
    }

    /**
     * Whether such a file only says what the runs of its directory are, by {@link Item.Config}: it has no losses, and is
     * always read as a whole.
     */
    default boolean companion() {
        return false;
    }

    /** A reader at the file's beginning. */
    SourceReader open(SourceOptions options);
}
