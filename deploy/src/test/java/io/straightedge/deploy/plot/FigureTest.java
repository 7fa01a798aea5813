package io.straightedge.deploy.plot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class FigureTest {

    private static final String NASTY = "<b>&\"'\u0000 N* > \u00e9\ud83d\ude00";

    @Test
    void svg_ofAnyText_isWellFormedAndSaysTheSame() throws Exception {
        Document document = parsed(SvgWriter.write(scene(NASTY, 2)));
        String expected = NASTY.replace('\u0000', '\uFFFD');
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo(expected);
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                .isEqualTo("d " + expected);
        assertThat(texts(document)).contains(expected, "panel " + expected, "x " + expected, "dots " + expected);
        assertThat(document.getElementsByTagName("b").getLength()).isZero();
    }

    @Test
    void svg_ofAFigure_namesItselfAndScales() throws Exception {
        Element root = parsed(SvgWriter.write(scene("t", 3))).getDocumentElement();
        assertThat(root.getAttribute("viewBox"))
                .isEqualTo("0 0 " + root.getAttribute("width") + " " + root.getAttribute("height"));
        assertThat(root.getAttribute("role")).isEqualTo("img");
        assertThat(root.getAttribute("aria-labelledby")).isEqualTo("title desc");
        assertThat(root.getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void svg_ofAFigure_keepsEverythingInside() throws Exception {
        Document document = parsed(SvgWriter.write(scene("t", 2)));
        double width = Double.parseDouble(document.getDocumentElement().getAttribute("width"));
        double height = Double.parseDouble(document.getDocumentElement().getAttribute("height"));
        for (String name : List.of("polyline", "polygon")) {
            NodeList lines = document.getElementsByTagName(name);
            assertThat(lines.getLength()).isPositive();
            for (int i = 0; i < lines.getLength(); i++) {
                for (String point :
                        ((Element) lines.item(i)).getAttribute("points").split(" ", -1)) {
                    String[] xy = point.split(",", -1);
                    assertThat(Double.parseDouble(xy[0])).isBetween(0.0, width);
                    assertThat(Double.parseDouble(xy[1])).isBetween(0.0, height);
                }
            }
        }
    }

    @Test
    void series_inOneColour_differByShapeOrDash() throws Exception {
        Set<String> outlines = new HashSet<>();
        for (Symbol symbol : Symbol.values()) {
            outlines.add(symbol.filled() + " " + symbol.outline(0, 0, 1));
        }
        assertThat(outlines).hasSameSizeAs(Symbol.values());
        Set<List<Double>> dashes = new HashSet<>();
        for (Dash dash : Dash.values()) {
            dashes.add(dash.lengths());
        }
        assertThat(dashes).hasSameSizeAs(Dash.values());
    }

    @Test
    void points_outsideTheAxes_areNotDrawn() throws Exception {
        Axis axis = new Axis("x", 0, 1, false);
        List<Series.Point> points = List.of(point(0.5, 0.5), point(2, 0.5), point(0.5, Double.NaN), point(0.2, 0.2));
        Panel empty = new Panel("", axis, axis, List.of());
        Panel dots = new Panel("", axis, axis, List.of(new Series.Dots(null, points, Ink.BLACK, Symbol.DISC, 3)));
        Panel curve = new Panel("", axis, axis, List.of(new Series.Curve(null, points, Ink.BLACK, 1, Dash.SOLID)));
        int before = Figure.of("", "", "", List.of(empty)).marks().size();
        assertThat(Figure.of("", "", "", List.of(dots)).marks()).hasSize(before + 2);
        // Neither end of the line has a neighbour inside.
        assertThat(Figure.of("", "", "", List.of(curve)).marks()).hasSize(before);
    }

    @Test
    void png_ofAFigure_isTwiceItsSizeAndHasInk() throws IOException {
        Scene scene = scene("t", 2);
        byte[] png = PngWriter.write(scene);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(2 * scene.width());
        assertThat(image.getHeight()).isEqualTo(2 * scene.height());
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 3) {
            for (int x = 0; x < image.getWidth(); x += 3) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertThat(colours).contains(0xFFFFFFFF, 0xFF000000).hasSizeGreaterThan(10);
    }

    private static Scene scene(String text, int panels) {
        List<Series.Point> points = List.of(point(1e18, 3), point(1e20, 2.5), point(1e22, 2.1));
        List<Series.Point> lower = List.of(point(1e18, 2.9), point(1e22, 1e-9));
        List<Panel> all = new ArrayList<>();
        for (int i = 0; i < panels; i++) {
            all.add(new Panel(
                    "panel " + text,
                    new Axis("x " + text, 1e17, 3e22, true),
                    new Axis("y " + text, 2, 4, true),
                    List.of(
                            new Series.Band("band", lower, points, Ink.WIDE_BAND),
                            new Series.Curve("curve", points, Ink.BLACK, 1.5, Dash.LONG),
                            new Series.Dots("dots " + text, points, Ink.of(i), Symbol.of(i), 4),
                            new Series.Note("note", point(1e22, 2.1)))));
        }
        return Figure.of(text, "subtitle", "d " + text, all);
    }

    private static Series.Point point(double x, double y) {
        return new Series.Point(x, y);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    }

    private static List<String> texts(Document document) {
        NodeList nodes = document.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
