package io.straightedge.deploy.command;

import io.straightedge.deploy.plot.PngWriter;
import io.straightedge.deploy.plot.Scene;
import io.straightedge.deploy.plot.SvgWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A drawing in a file whose name says its format. */
final class PlotFile {

    private PlotFile() {}

    /** Refuses a name that says no format. */
    static void require(Path file) {
        if (!name(file).endsWith(".svg") && !name(file).endsWith(".png")) {
            throw new IllegalArgumentException("--plot " + file + ": the name must end in .svg or .png");
        }
    }

    static void write(Scene scene, Path file) throws IOException {
        byte[] image = name(file).endsWith(".png")
                ? PngWriter.write(scene)
                : SvgWriter.write(scene).getBytes(StandardCharsets.UTF_8);
        Files.write(file, image);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }
}
