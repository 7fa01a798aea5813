package io.straightedge.deploy.plot;

import java.util.List;

/** A thing that is painted; coordinates are pixels from the top left corner. */
sealed interface Mark {

    /** A place. */
    record Point(double x, double y) {}

    /** A line through points. */
    record Line(List<Point> points, Ink ink, double width, Dash dash) implements Mark {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A filled polygon without an edge. */
    record Area(List<Point> points, Ink ink) implements Mark {
        public Area {
            points = List.copyOf(points);
        }
    }

    /** A marker around a place. */
    record Glyph(Symbol symbol, double x, double y, double radius, Ink ink) implements Mark {}

    /** A line of text; its baseline goes through the place, upwards when it is vertical. */
    record Text(double x, double y, String text, Anchor anchor, double size, boolean bold, boolean vertical)
            implements Mark {}

    /** Which end of a text is at its place. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }
}
