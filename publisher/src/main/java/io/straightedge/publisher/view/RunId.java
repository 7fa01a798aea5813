package io.straightedge.publisher.view;

import java.util.Comparator;

/** A run's name within its study; ordered by study, then run. */
public record RunId(String study, String run) implements Comparable<RunId> {

    private static final Comparator<RunId> ORDER =
            Comparator.comparing(RunId::study).thenComparing(RunId::run);

    @Override
    public int compareTo(RunId other) {
        return ORDER.compare(this, other);
    }
}
