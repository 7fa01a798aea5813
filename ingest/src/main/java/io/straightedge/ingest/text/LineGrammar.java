package io.straightedge.ingest.text;

import io.straightedge.ingest.source.Item;

/**
 * What the lines of one stack mean. A grammar knows the lines since its file's beginning and may hold numbers back until
 * a later line says which step they belong to. One for each file; not thread-safe.
 */
interface LineGrammar {

    /** What a grammar says of its lines. */
    interface Told {

        /** A loss, of whichever run is at it: its run is not said. */
        void point(Item.Point point);

        /** Configuration of the run that is at it, or of the one whose header this is. */
        void config(String name, String value);

        /** A header that only this stack writes: what follows may be another run. */
        void header();

        /** The line looks like this stack's and cannot be read. */
        void unreadable(String reason);
    }

    /** Takes a line, without its end and without colours. */
    void read(String line, Told told);

    /** Nothing has come for a while, or nothing will come: gives losses that only waited for more numbers. */
    default void pause(Told told) {}
}
