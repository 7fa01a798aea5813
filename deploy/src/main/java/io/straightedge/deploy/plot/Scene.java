package io.straightedge.deploy.plot;

import java.util.List;

/**
 * A drawing: marks in the order in which they are painted on white.
 *
 * @param title what it is, read out by screen readers and shown by browsers
 * @param description what can be seen in it, for those who cannot
 */
public record Scene(int width, int height, String title, String description, List<Mark> marks) {

    public Scene {
        marks = List.copyOf(marks);
    }
}
