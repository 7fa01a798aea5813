package io.straightedge.deploy.plot;

import java.util.List;

/** How a line is broken. */
public enum Dash {
    SOLID(List.of()),
    LONG(List.of(9.0, 4.0)),
    SHORT(List.of(4.0, 3.0)),
    DOTTED(List.of(1.5, 3.0)),
    DASH_DOT(List.of(9.0, 3.0, 2.0, 3.0));

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable lists of numbers
    private final List<Double> lengths;

    Dash(List<Double> lengths) {
        this.lengths = lengths;
    }

    /** Strokes and gaps in turn, pixels; empty for an unbroken line. */
    List<Double> lengths() {
        return lengths;
    }
}
