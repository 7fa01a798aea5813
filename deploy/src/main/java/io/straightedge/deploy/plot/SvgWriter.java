package io.straightedge.deploy.plot;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a scene as SVG 1.1: scales with its viewBox, names itself to screen readers, holds no script. */
public final class SvgWriter {

    private static final String FONTS = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";

    private final StringBuilder out = new StringBuilder();

    private SvgWriter() {}

    /** The document, to be stored as UTF-8. */
    public static String write(Scene scene) {
        SvgWriter writer = new SvgWriter();
        writer.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-labelledby=\"title desc\" font-family=\"%s\">%n",
                scene.width(), scene.height(), scene.width(), scene.height(), FONTS);
        writer.add("<title id=\"title\">%s</title>%n", escape(scene.title()));
        writer.add("<desc id=\"desc\">%s</desc>%n", escape(scene.description()));
        writer.add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
        scene.marks().forEach(writer::mark);
        writer.add("</svg>%n");
        return writer.out.toString();
    }

    private void mark(Mark mark) {
        if (mark instanceof Mark.Line line) {
            String dashes = line.dash().lengths().isEmpty()
                    ? ""
                    : " stroke-dasharray=\""
                            + line.dash().lengths().stream()
                                    .map(SvgWriter::number)
                                    .collect(Collectors.joining(" "))
                            + "\"";
            add(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>%n",
                    points(line.points()), line.ink().hex(), number(line.width()), dashes);
        } else if (mark instanceof Mark.Area area) {
            add(
                    "<polygon points=\"%s\" fill=\"%s\"/>%n",
                    points(area.points()), area.ink().hex());
        } else if (mark instanceof Mark.Glyph glyph) {
            add(
                    "<polygon points=\"%s\" fill=\"%s\" stroke=\"%s\" stroke-width=\"1.2\"/>%n",
                    points(glyph.symbol().outline(glyph.x(), glyph.y(), glyph.radius())),
                    glyph.symbol().filled() ? glyph.ink().hex() : "#ffffff",
                    glyph.ink().hex());
        } else if (mark instanceof Mark.Text text) {
            text(text);
        }
    }

    private void text(Mark.Text text) {
        String turned =
                text.vertical() ? " transform=\"rotate(-90 " + number(text.x()) + " " + number(text.y()) + ")\"" : "";
        add(
                "<text x=\"%s\" y=\"%s\" font-size=\"%s\" text-anchor=\"%s\"%s%s>%s</text>%n",
                number(text.x()),
                number(text.y()),
                number(text.size()),
                text.anchor().name().toLowerCase(Locale.ROOT),
                text.bold() ? " font-weight=\"bold\"" : "",
                turned,
                escape(text.text()));
    }

    private static String points(List<Mark.Point> points) {
        return points.stream()
                .map(point -> number(point.x()) + "," + number(point.y()))
                .collect(Collectors.joining(" "));
    }

    /** Two decimals, without trailing zeros: a hundredth of a pixel is not seen. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    /** Text for XML; what XML cannot hold becomes a replacement character. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c < 0xFFFE)
                || c > 0xFFFF;
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }
}
