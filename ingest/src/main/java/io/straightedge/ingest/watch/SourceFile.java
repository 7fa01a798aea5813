package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.Item;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file of a source: counts what its reader gives, and holds back what was sent before. Not thread-safe.
 *
 * <p>Invariant: events are given for the losses from {@code skippedLosses} on, each once.
 */
abstract class SourceFile {

    private static final int SAID = 3;

    private final RunSource source;
    private Found found;
    private boolean gone;
    private RunTeller.Part part;
    private long losses;
    private long ends;
    private long skippedLosses;
    private long skippedEnds;
    private long unreadable;
    private @Nullable String key;

    SourceFile(RunSource source, Found found, @Nullable Position resumed) {
        this.source = source;
        this.found = found;
        if (resumed == null) {
            this.part = source.teller().part();
        } else {
            this.part = source.teller().part(resumed.ordinal());
            this.key = resumed.key();
            this.skippedLosses = resumed.losses();
            this.skippedEnds = resumed.ends();
        }
    }

    /** An event, and how much of the file has been given with it. */
    record Outgoing(TrainingEvent event, SourceFile file, long losses, long ends) {}

    RunSource source() {
        return source;
    }

    Found found() {
        return found;
    }

    boolean gone() {
        return gone;
    }

    long unreadable() {
        return unreadable;
    }

    RunTeller.Part part() {
        return part;
    }

    /** The file was seen, under this or another name. */
    void seen(Found now) {
        found = now;
        gone = false;
    }

    /** Nothing by any of its names is there. */
    void vanished() {
        gone = true;
    }

    /** Counts from the beginning again, under another part; so many losses and ends are held back. */
    final void startAgain(RunTeller.Part again, long lossesBefore, long endsBefore) {
        part = again;
        losses = 0;
        ends = 0;
        skippedLosses = lossesBefore;
        skippedEnds = endsBefore;
    }

    /** Losses that the reader gave, or that were sent before it came to them. */
    final long given() {
        return Math.max(losses, skippedLosses);
    }

    /** The same of ends. */
    final long ends() {
        return Math.max(ends, skippedEnds);
    }

    /** Takes what the reader gives. */
    final void take(Item item) {
        boolean already = false;
        long lossesBefore = given();
        long endsBefore = ends();
        if (item instanceof Item.Point) {
            already = losses++ < skippedLosses;
        } else if (item instanceof Item.End) {
            already = ends++ < skippedEnds;
        } else if (item instanceof Item.Unreadable bad) {
            unreadable(bad.position(), bad.reason() + ": " + bad.excerpt());
            return;
        }
        try {
            part.tell(
                    inSplit(item),
                    already,
                    // A manifest goes out before the loss that made it go out, and may be stored without it.
                    event -> source.outgoing()
                            .accept(
                                    event instanceof RunManifest
                                            ? new Outgoing(event, this, lossesBefore, endsBefore)
                                            : new Outgoing(event, this, given(), ends())));
        } catch (IllegalArgumentException e) {
            unreadable(losses, "loss " + losses + ": " + e.getMessage());
        }
    }

    /** A loss of a directory of another split, which is named as if it were of the training. */
    private Item inSplit(Item item) {
        String split = found.split();
        return split != null
                        && item instanceof Item.Point point
                        && point.split().equals(LossObservation.TRAIN)
                ? point.in(split)
                : item;
    }

    private void unreadable(long position, String what) {
        unreadable++;
        if (unreadable <= SAID) {
            source.notices()
                    .say(found.path() + ", at " + position + ": " + what
                            + (unreadable == SAID ? " (further ones of this file are only counted)" : ""));
        }
    }

    /** Where the file stands once so much is stored. */
    final Position position(long lossesStored, long endsStored, Map<String, String> manifests) {
        String known = key;
        if (known == null) {
            known = source.key(identity());
            key = known;
        }
        return position(known, lossesStored, endsStored, manifests);
    }

    /** What the file is told apart from others by, as far as it has been read. */
    abstract String identity();

    abstract Position position(String key, long lossesStored, long endsStored, Map<String, String> manifests);

    /** Whether the file that was found is this one, perhaps grown. */
    abstract boolean is(Found other) throws IOException;

    /** Whether there is something to read. */
    abstract boolean more();

    /** Reads a piece; whether there was any. */
    abstract boolean read() throws IOException;

    /** Nothing more is there at the moment. */
    abstract void idle();

    /** Nothing more will come. */
    abstract void end();

    /** Bytes that are there and not yet read; 0 where that cannot be told. */
    abstract long behindBytes();

    abstract @Nullable String incomplete();
}
