package io.straightedge.deploy.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes a scene as a PNG of twice its size in pixels, by Java2D without a display. */
public final class PngWriter {

    private static final int SCALE = 2;
    private static final String HEADLESS = "java.awt.headless";

    private final Graphics2D graphics;

    private PngWriter(Graphics2D graphics) {
        this.graphics = graphics;
    }

    /**
     * The image file.
     *
     * @throws IOException where Java finds no fonts, as on a machine without any; the text says what to install
     */
    public static byte[] write(Scene scene) throws IOException {
        if (System.getProperty(HEADLESS) == null) {
            System.setProperty(HEADLESS, "true");
        }
        requireText();
        return painted(scene);
    }

    /**
     * Java loads its font libraries, and looks for fonts, when it first draws text; what is then missing fails in many
     * ways.
     */
    private static void requireText() throws IOException {
        try {
            Graphics2D probe = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
            probe.drawString("x", 0, 8);
            probe.dispose();
        } catch (LinkageError | InternalError | RuntimeException e) {
            throw new IOException(
                    "this Java cannot draw text, which a PNG needs: install fonts (on Debian and Ubuntu: apt install"
                            + " fontconfig fonts-dejavu-core libfreetype6), or write an .svg, which needs none ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private static byte[] painted(Scene scene) throws IOException {
        BufferedImage image =
                new BufferedImage(SCALE * scene.width(), SCALE * scene.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(SCALE, SCALE);
        scene.marks().forEach(new PngWriter(graphics)::mark);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this Java writes no PNG; write an .svg instead");
        }
        return out.toByteArray();
    }

    private void mark(Mark mark) {
        if (mark instanceof Mark.Line line) {
            graphics.setColor(color(line.ink()));
            graphics.setStroke(stroke(line));
            graphics.draw(path(line.points(), false));
        } else if (mark instanceof Mark.Area area) {
            graphics.setColor(color(area.ink()));
            graphics.fill(path(area.points(), true));
        } else if (mark instanceof Mark.Glyph glyph) {
            Path2D outline = path(glyph.symbol().outline(glyph.x(), glyph.y(), glyph.radius()), true);
            graphics.setColor(glyph.symbol().filled() ? color(glyph.ink()) : Color.WHITE);
            graphics.fill(outline);
            graphics.setColor(color(glyph.ink()));
            graphics.setStroke(new BasicStroke(1.2f));
            graphics.draw(outline);
        } else if (mark instanceof Mark.Text text) {
            text(text);
        }
    }

    private void text(Mark.Text text) {
        graphics.setFont(
                new Font(Font.SANS_SERIF, text.bold() ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) text.size()));
        double width =
                graphics.getFontMetrics().getStringBounds(text.text(), graphics).getWidth();
        double shift = switch (text.anchor()) {
            case START -> 0;
            case MIDDLE -> -width / 2;
            case END -> -width;
        };
        AffineTransform before = graphics.getTransform();
        graphics.translate(text.x(), text.y());
        if (text.vertical()) {
            graphics.rotate(-Math.PI / 2);
        }
        graphics.setColor(Color.BLACK);
        graphics.drawString(text.text(), (float) shift, 0);
        graphics.setTransform(before);
    }

    private static BasicStroke stroke(Mark.Line line) {
        List<Double> lengths = line.dash().lengths();
        if (lengths.isEmpty()) {
            return new BasicStroke((float) line.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        }
        float[] dashes = new float[lengths.size()];
        for (int i = 0; i < dashes.length; i++) {
            dashes[i] = lengths.get(i).floatValue();
        }
        return new BasicStroke((float) line.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0);
    }

    private static Path2D path(List<Mark.Point> points, boolean closed) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < points.size(); i++) {
            Mark.Point point = points.get(i);
            if (i == 0) {
                path.moveTo(point.x(), point.y());
            } else {
                path.lineTo(point.x(), point.y());
            }
        }
        if (closed) {
            path.closePath();
        }
        return path;
    }

    private static Color color(Ink ink) {
        return new Color(ink.red(), ink.green(), ink.blue());
    }
}
