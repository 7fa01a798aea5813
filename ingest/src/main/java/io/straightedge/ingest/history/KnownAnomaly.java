package io.straightedge.ingest.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is known to have happened to a run, between two of its steps, both included.
 *
 * @param file that holds the run, or the end of its path; null for any
 * @param run what that file calls the run
 * @param kind as whoever found it calls it; {@value #RESTART} is one that no alarm should follow
 */
public record KnownAnomaly(@Nullable Path file, String run, String kind, long stepBegin, long stepEnd) {

    /** The kind of a run that goes back to a checkpoint. */
    public static final String RESTART = "restart";

    private static final List<String> NEEDED = List.of("run", "step_begin", "step_end");

    public KnownAnomaly {
        if (stepBegin > stepEnd) {
            throw new IllegalArgumentException(
                    "an anomaly of " + run + " ends at step " + stepEnd + ", before it begins at " + stepBegin);
        }
    }

    /**
     * Reads a CSV with the columns {@code run}, {@code step_begin}, {@code step_end} and, when they are there, {@code file}
     * and {@code kind}.
     *
     * @throws IllegalArgumentException when a line cannot be used
     */
    public static List<KnownAnomaly> read(Path file) throws IOException {
        List<KnownAnomaly> known = new ArrayList<>();
        new Csv(file).lines(NEEDED, line -> {
            String holder = line.text("file");
            String kind = line.text("kind");
            long begin = line.count("step_begin");
            long end = line.count("step_end");
            if (begin > end) {
                throw new IllegalArgumentException(
                        line.where() + "step_end is " + end + ", before step_begin, " + begin);
            }
            known.add(new KnownAnomaly(
                    holder == null ? null : Path.of(holder), line.needed("run"), kind == null ? "" : kind, begin, end));
        });
        return known;
    }

    /** Whether it is about a run. */
    public boolean isOf(PastRun candidate) {
        PastRun.Origin origin = candidate.origin();
        String called = origin == null ? candidate.name() : origin.run();
        return run.equals(called)
                && (file == null
                        || origin == null
                        || origin.file().toAbsolutePath().normalize().endsWith(file.normalize()));
    }
}
