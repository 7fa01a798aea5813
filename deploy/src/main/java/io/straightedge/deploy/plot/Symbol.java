package io.straightedge.deploy.plot;

import java.util.ArrayList;
import java.util.List;

/** The shape of a marker, filled or hollow; those of neighbouring series differ in outline and in fill. */
public enum Symbol {
    DISC(true, 24, 0, 1, 1),
    SQUARE_HOLLOW(false, 4, 45, 1.15, 1.15),
    TRIANGLE(true, 3, 90, 1.2, 1.2),
    DIAMOND_HOLLOW(false, 4, 90, 1.25, 1.25),
    WEDGE(true, 3, 270, 1.2, 1.2),
    CIRCLE(false, 24, 0, 1, 1),
    SQUARE(true, 4, 45, 1.15, 1.15),
    TRIANGLE_HOLLOW(false, 3, 90, 1.2, 1.2),
    DIAMOND(true, 4, 90, 1.25, 1.25),
    WEDGE_HOLLOW(false, 3, 270, 1.2, 1.2),
    STAR(true, 10, 90, 1.4, 0.6),
    PLUS_STAR(true, 8, 90, 1.3, 0.4);

    private final boolean filled;
    private final int corners;
    private final double firstDegrees;
    private final double outer;
    private final double inner;

    Symbol(boolean filled, int corners, double firstDegrees, double outer, double inner) {
        this.filled = filled;
        this.corners = corners;
        this.firstDegrees = firstDegrees;
        this.outer = outer;
        this.inner = inner;
    }

    /** The marker of the i-th series. */
    public static Symbol of(int i) {
        return values()[Math.floorMod(i, values().length)];
    }

    boolean filled() {
        return filled;
    }

    /** Corners around (x, y), alternating between the outer and the inner radius. */
    List<Mark.Point> outline(double x, double y, double radius) {
        List<Mark.Point> outline = new ArrayList<>();
        for (int i = 0; i < corners; i++) {
            double angle = Math.toRadians(firstDegrees + 360.0 * i / corners);
            double reach = radius * (i % 2 == 0 ? outer : inner);
            outline.add(new Mark.Point(x + reach * Math.cos(angle), y - reach * Math.sin(angle)));
        }
        return outline;
    }
}
