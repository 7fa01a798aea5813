package io.straightedge.ingest.source;

import io.straightedge.protocol.run.Outcome;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a file says.
 *
 * <p>{@code run} is the run's name within its file: null for the only one; {@code #2}, {@code #3} ... for the second and
 * later of runs that were appended to one file; a name where the file has names.
 */
public sealed interface Item {

    @Nullable
    String run();

    /**
     * A logged loss; null when the step was logged without one, as some trainers do where it is NaN.
     *
     * @param samples sequences seen so far, for formats that count these
     */
    record Point(
            @Nullable String run,
            String split,
            long step,
            @Nullable Double tokens,
            @Nullable Double samples,
            @Nullable Double loss,
            @Nullable Double lr,
            @Nullable Double gradNorm,
            @Nullable Long nanIterations,
            @Nullable Instant time)
            implements Item {

        /** The same loss as one of another split. */
        public Point in(String other) {
            return new Point(run, other, step, tokens, samples, loss, lr, gradNorm, nanIterations, time);
        }
    }

    /**
     * Configuration of the run under the trainer's own names, nested ones joined by dots; comes again when it changes.
     */
    record Config(@Nullable String run, Map<String, String> values) implements Item {
        public Config {
            values = Map.copyOf(values);
        }
    }

    /**
     * The job was started again: steps from this one on are made anew. The follower shows the run at the step before; it
     * sends nothing, as the fitter sees a new attempt by steps that go back.
     */
    record Restart(@Nullable String run, long step) implements Item {}

    /** The run is over. */
    record End(
            @Nullable String run, Outcome outcome, @Nullable Instant time) implements Item {}

    /**
     * Something that ought to have been readable was not; the rest of the file still is, unless {@code fatal}.
     *
     * @param position of its first byte in the unpacked file
     * @param excerpt of the offending text: its first 200 characters, with blanks for control characters
     */
    record Unreadable(@Nullable String run, long position, String reason, String excerpt, boolean fatal)
            implements Item {

        private static final int LONGEST_EXCERPT = 200;

        public Unreadable {
            excerpt = excerpt(excerpt);
        }

        /** The text as it may be shown: short, and without control characters. */
        public static String excerpt(String text) {
            StringBuilder shown = new StringBuilder(text.substring(0, Math.min(LONGEST_EXCERPT, text.length())));
            for (int i = 0; i < shown.length(); i++) {
                if (Character.isISOControl(shown.charAt(i))) {
                    shown.setCharAt(i, ' ');
                }
            }
            return shown.toString();
        }
    }
}
