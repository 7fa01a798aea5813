package io.straightedge.deploy.plot;

import io.straightedge.deploy.plot.Mark.Anchor;
import io.straightedge.deploy.plot.Mark.Point;
import java.util.ArrayList;
import java.util.List;

/** Lays a panel out as marks: frame, grid, ticks, series, legend below. */
final class PanelPainter {

    static final int WIDTH = 560;

    private static final int LEFT = 78;
    private static final int RIGHT = 14;
    private static final int TOP = 34;
    private static final int PLOT_HEIGHT = 360;
    private static final int BELOW = 58;
    private static final int LEGEND_ROW = 19;
    private static final int SWATCH = 34;
    private static final double TEXT = 12.5;
    private static final double NOTE = 11;
    /** Width of a character as a part of the size, on the generous side: fonts differ between machines. */
    private static final double CHARACTER = 0.62;

    private static final double LABEL_GAP = 30;

    private final Panel panel;
    private final double left;
    private final double top;
    private final double width = WIDTH - LEFT - RIGHT;
    private final List<Mark> marks;

    PanelPainter(Panel panel, double x, double y, List<Mark> marks) {
        this.panel = panel;
        this.left = x + LEFT;
        this.top = y + TOP;
        this.marks = marks;
    }

    static int height(Panel panel) {
        return TOP + PLOT_HEIGHT + BELOW + LEGEND_ROW * rows(panel);
    }

    void paint() {
        marks.add(text(left, top - 12, panel.title(), Anchor.START, 14, true));
        ticks();
        panel.series().forEach(this::series);
        frame();
        marks.add(text(left + width / 2, top + PLOT_HEIGHT + 40, panel.x().label(), Anchor.MIDDLE, TEXT, false));
        marks.add(new Mark.Text(
                left - LEFT + 18, top + PLOT_HEIGHT / 2.0, panel.y().label(), Anchor.MIDDLE, TEXT, false, true));
        legend();
    }

    private double x(double value) {
        return left + width * panel.x().fraction(value);
    }

    private double y(double value) {
        return top + PLOT_HEIGHT * (1 - panel.y().fraction(value));
    }

    private void ticks() {
        double bottom = top + PLOT_HEIGHT;
        double labelled = Double.NEGATIVE_INFINITY;
        for (Axis.Tick tick : panel.x().ticks()) {
            double at = x(tick.value());
            boolean major = !tick.label().isEmpty();
            if (major) {
                line(at, top, at, bottom, Ink.FAINT);
            }
            line(at, bottom, at, bottom + (major ? 6 : 3), Ink.GREY);
            // A label that would touch its neighbour is left out; its tick stays.
            if (major && at - labelled >= LABEL_GAP) {
                marks.add(text(at, bottom + 20, tick.label(), Anchor.MIDDLE, TEXT, false));
                labelled = at;
            }
        }
        for (Axis.Tick tick : panel.y().ticks()) {
            double at = y(tick.value());
            boolean major = !tick.label().isEmpty();
            if (major) {
                line(left, at, left + width, at, Ink.FAINT);
                marks.add(text(left - 9, at + 4.5, tick.label(), Anchor.END, TEXT, false));
            }
            line(left - (major ? 6 : 3), at, left, at, Ink.GREY);
        }
    }

    private void frame() {
        double right = left + width;
        double bottom = top + PLOT_HEIGHT;
        marks.add(new Mark.Line(
                List.of(
                        new Point(left, top),
                        new Point(right, top),
                        new Point(right, bottom),
                        new Point(left, bottom),
                        new Point(left, top)),
                Ink.GREY,
                1,
                Dash.SOLID));
    }

    private void series(Series series) {
        if (series instanceof Series.Curve curve) {
            for (List<Point> piece : pieces(curve.points())) {
                marks.add(new Mark.Line(piece, curve.ink(), curve.width(), curve.dash()));
            }
        } else if (series instanceof Series.Dots dots) {
            for (Series.Point point : dots.points()) {
                if (inside(point)) {
                    marks.add(new Mark.Glyph(dots.symbol(), x(point.x()), y(point.y()), dots.radius(), dots.ink()));
                }
            }
        } else if (series instanceof Series.Band band) {
            band(band);
        } else if (series instanceof Series.Note note && inside(note.at())) {
            note(note);
        }
    }

    /** To the right of its place, or to the left where it would run into the frame. */
    private void note(Series.Note note) {
        double at = x(note.at().x());
        boolean fits = at + 10 + CHARACTER * NOTE * note.text().length() < left + width;
        marks.add(text(
                fits ? at + 7 : at - 7,
                y(note.at().y()) + (fits ? -5 : 15),
                note.text(),
                fits ? Anchor.START : Anchor.END,
                NOTE,
                false));
    }

    /** Runs of points inside the axes; a line does not cross what it leaves out. */
    private List<List<Point>> pieces(List<Series.Point> points) {
        List<List<Point>> pieces = new ArrayList<>();
        List<Point> piece = new ArrayList<>();
        for (Series.Point point : points) {
            if (inside(point)) {
                piece.add(new Point(x(point.x()), y(point.y())));
            } else if (!piece.isEmpty()) {
                pieces.add(piece);
                piece = new ArrayList<>();
            }
        }
        pieces.add(piece);
        pieces.removeIf(each -> each.size() < 2);
        return pieces;
    }

    private void band(Series.Band band) {
        List<Point> outline = new ArrayList<>();
        band.lower().forEach(point -> outline.add(clamped(point)));
        for (int i = band.upper().size() - 1; i >= 0; i--) {
            outline.add(clamped(band.upper().get(i)));
        }
        if (outline.size() > 2) {
            marks.add(new Mark.Area(outline, band.ink()));
        }
    }

    private Point clamped(Series.Point point) {
        double fx = Math.min(1, Math.max(0, panel.x().fraction(point.x())));
        boolean low = panel.y().logarithmic() && !(point.y() > 0);
        double fy = low ? 0 : Math.min(1, Math.max(0, panel.y().fraction(point.y())));
        return new Point(left + width * fx, top + PLOT_HEIGHT * (1 - fy));
    }

    private boolean inside(Series.Point point) {
        return panel.x().holds(point.x()) && panel.y().holds(point.y());
    }

    private void legend() {
        List<Series> named = named(panel);
        double column = width / columns(panel);
        for (int i = 0; i < named.size(); i++) {
            Series series = named.get(i);
            double x = left + column * (i % columns(panel));
            double y = top + PLOT_HEIGHT + BELOW + LEGEND_ROW * (i / columns(panel)) + 6.0;
            swatch(series, x, y);
            marks.add(text(x + SWATCH, y + 4.5, String.valueOf(series.name()), Anchor.START, TEXT, false));
        }
    }

    private void swatch(Series series, double x, double y) {
        if (series instanceof Series.Curve curve) {
            marks.add(new Mark.Line(
                    List.of(new Point(x, y), new Point(x + SWATCH - 8, y)), curve.ink(), curve.width(), curve.dash()));
        } else if (series instanceof Series.Dots dots) {
            marks.add(new Mark.Glyph(dots.symbol(), x + SWATCH / 2.0 - 4, y, Math.max(4, dots.radius()), dots.ink()));
        } else if (series instanceof Series.Band band) {
            marks.add(new Mark.Area(
                    List.of(
                            new Point(x, y - 6),
                            new Point(x + SWATCH - 8, y - 6),
                            new Point(x + SWATCH - 8, y + 6),
                            new Point(x, y + 6)),
                    band.ink()));
        }
    }

    private static List<Series> named(Panel panel) {
        return panel.series().stream().filter(series -> series.name() != null).toList();
    }

    /** As many columns as the longest name leaves room for. */
    private static int columns(Panel panel) {
        double longest = named(panel).stream()
                .mapToDouble(series -> SWATCH
                        + 10
                        + CHARACTER * TEXT * String.valueOf(series.name()).length())
                .max()
                .orElse(1);
        return (int) Math.max(1, Math.min(4, (WIDTH - LEFT - RIGHT) / longest));
    }

    private static int rows(Panel panel) {
        int columns = columns(panel);
        return (named(panel).size() + columns - 1) / columns;
    }

    private void line(double x1, double y1, double x2, double y2, Ink ink) {
        marks.add(new Mark.Line(List.of(new Point(x1, y1), new Point(x2, y2)), ink, 1, Dash.SOLID));
    }

    private static Mark.Text text(double x, double y, String text, Anchor anchor, double size, boolean bold) {
        return new Mark.Text(x, y, text, anchor, size, bold, false);
    }
}
