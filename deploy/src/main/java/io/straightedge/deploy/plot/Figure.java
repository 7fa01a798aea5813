package io.straightedge.deploy.plot;

import io.straightedge.deploy.plot.Mark.Anchor;
import java.util.ArrayList;
import java.util.List;

/** Panels side by side under a heading. */
public final class Figure {

    private static final int MARGIN = 16;
    private static final int HEADING = 52;

    private Figure() {}

    /**
     * The scene of some panels.
     *
     * @param subtitle one line under the title
     * @param description what can be seen, for those who cannot
     */
    public static Scene of(String title, String subtitle, String description, List<Panel> panels) {
        int height = panels.stream().mapToInt(PanelPainter::height).max().orElse(0);
        List<Mark> marks = new ArrayList<>();
        marks.add(new Mark.Text(MARGIN, 26, title, Anchor.START, 18, true, false));
        marks.add(new Mark.Text(MARGIN, 46, subtitle, Anchor.START, 12.5, false, false));
        int x = 0;
        for (Panel panel : panels) {
            new PanelPainter(panel, x, HEADING, marks).paint();
            x += PanelPainter.WIDTH;
        }
        return new Scene(x + MARGIN, HEADING + height + MARGIN, title, description, marks);
    }
}
