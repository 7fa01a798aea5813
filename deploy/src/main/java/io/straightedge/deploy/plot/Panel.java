package io.straightedge.deploy.plot;

import java.util.List;

/**
 * A plot: series over two axes.
 *
 * @param series painted in their order
 */
public record Panel(String title, Axis x, Axis y, List<Series> series) {

    public Panel {
        series = List.copyOf(series);
    }
}
