package io.straightedge.ingest.watch;

import io.straightedge.ingest.files.FileFormats;
import io.straightedge.ingest.losscast.Losses;
import io.straightedge.ingest.losscast.Recipe;
import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.tensorboard.TensorBoard;
import io.straightedge.ingest.text.TextFormats;
import io.straightedge.ingest.wandb.Chart;
import io.straightedge.ingest.wandb.History;
import io.straightedge.ingest.wandb.Offline;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The formats that are known, the particular before the general. */
public final class Formats {

    /** All, in the order in which they are tried. */
    public static final List<Format> ALL = Stream.of(
                    List.of(new TensorBoard(), new Offline(), new Losses(), new Recipe(), new Chart(), new History()),
                    FileFormats.PARTICULAR,
                    TextFormats.ALL,
                    FileFormats.GENERAL)
            .flatMap(List::stream)
            .toList();

    /**
     * A file's format.
     *
     * @param because what gave it away
     */
    public record Recognised(Format format, String because) {}

    private Formats() {}

    /** The format of a file; null when it is none of the known, or too short to say. */
    public static @Nullable Recognised recognise(String fileName, byte[] head) {
        for (Format format : ALL) {
            String because = format.recognise(fileName, head);
            if (because != null) {
                return new Recognised(format, because);
            }
        }
        return null;
    }

    /**
     * The format of that name.
     *
     * @throws IllegalArgumentException which lists the names
     */
    public static Format named(String name) {
        return ALL.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no format is called " + name + ": there are "
                        + ALL.stream().map(Format::name).collect(Collectors.joining(", "))));
    }
}
