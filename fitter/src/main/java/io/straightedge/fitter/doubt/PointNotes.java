package io.straightedge.fitter.doubt;

import java.util.List;

/**
 * What is known of points beside their numbers. Each list has an entry a point, or is empty where nothing is known.
 *
 * @param names what a person calls each point; else its row, from 1
 * @param lossUnits the unit in which each loss was logged
 * @param annealed whether the learning rate had decayed at each point
 */
public record PointNotes(List<String> names, List<String> lossUnits, List<Boolean> annealed) {

    /** Nothing is known. */
    public static final PointNotes NONE = new PointNotes(List.of(), List.of(), List.of());

    public PointNotes {
        names = List.copyOf(names);
        lossUnits = List.copyOf(lossUnits);
        annealed = List.copyOf(annealed);
    }

    /** Point {@code i} as a person finds it. */
    String name(int i) {
        return names.isEmpty() ? "row " + (i + 1) : names.get(i);
    }

    /** Throws unless each list is empty or has {@code points} entries. */
    void check(int points) {
        for (List<?> list : List.of(names, lossUnits, annealed)) {
            if (!list.isEmpty() && list.size() != points) {
                throw new IllegalArgumentException(list.size() + " notes for " + points + " points");
            }
        }
    }
}
