package io.straightedge.deploy.plot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Data of a panel, in the units of its axes. Points outside the axes are not shown. */
public sealed interface Series {

    /** A place in the units of the axes. */
    record Point(double x, double y) {}

    /** What the legend says of it; null for nothing. */
    @Nullable
    String name();

    /** A line through points, in their order. */
    record Curve(@Nullable String name, List<Point> points, Ink ink, double width, Dash dash) implements Series {
        public Curve {
            points = List.copyOf(points);
        }
    }

    /** Markers at points. */
    record Dots(@Nullable String name, List<Point> points, Ink ink, Symbol symbol, double radius) implements Series {
        public Dots {
            points = List.copyOf(points);
        }
    }

    /** The area between two lines of the same x. */
    record Band(@Nullable String name, List<Point> lower, List<Point> upper, Ink ink) implements Series {
        public Band {
            lower = List.copyOf(lower);
            upper = List.copyOf(upper);
        }
    }

    /** A word at a place, to the right of it. */
    record Note(String text, Point at) implements Series {
        @Override
        public @Nullable String name() {
            return null;
        }
    }
}
