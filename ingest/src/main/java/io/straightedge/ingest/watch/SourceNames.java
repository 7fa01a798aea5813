package io.straightedge.ingest.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What runs are called after the files that they are read from: the path below what is followed. A file whose name says
 * nothing, such as {@code metrics.csv}, gives its directory's.
 */
final class SourceNames {

    private static final Set<String> SAYING_NOTHING = Set.of(
            "trainer_state",
            "trainer_log",
            "metrics",
            "log",
            "logs",
            "train",
            "training",
            "output",
            "out",
            "stdout",
            "stderr",
            "console",
            "main",
            "history",
            "wandb-history",
            "losses",
            "events");

    private final FollowOptions options;
    private final boolean prefixed;
    private final Map<String, String> sourceOf = new HashMap<>();

    SourceNames(FollowOptions options) {
        this.options = options;
        this.prefixed =
                options.roots().size() > 1 || options.roots().stream().anyMatch(root -> !Files.isRegularFile(root));
    }

    /** The name belongs to that source. */
    void taken(String base, String source) {
        sourceOf.put(base, source);
    }

    /** Whether several files may give runs the same name. */
    boolean prefixed() {
        return prefixed;
    }

    String study(Path root) {
        String study = options.study();
        if (study != null) {
            return study;
        }
        Path folder = Files.isRegularFile(root) ? root.getParent() : root;
        String name = folder == null ? "" : Discovery.name(folder);
        return name.isEmpty() ? "runs" : RunTeller.shortened(name);
    }

    /** The name of a new source's only run, which no other source has. */
    String of(String source, Found found) {
        String wished = options.run();
        String base = RunTeller.shortened(wished == null ? name(source, found.root()) : wished);
        if (!sourceOf.getOrDefault(base, source).equals(source)) {
            base = RunTeller.shortened(wished == null ? source : wished + "/" + name(source, found.root()));
        }
        sourceOf.put(base, source);
        return base;
    }

    private static String name(String source, Path root) {
        Path path = Path.of(source);
        Path folder = path.getParent();
        Path top = root.equals(path) || folder == null ? folder : root;
        String file = Discovery.name(path);
        int dot = file.lastIndexOf('.');
        String bare = dot > 0 ? file.substring(0, dot) : file;
        Path below = folder == null || top == null || !folder.startsWith(top) ? Path.of("") : top.relativize(folder);
        boolean nothing = file.contains("*") || SAYING_NOTHING.contains(bare.toLowerCase(Locale.ROOT));
        if (nothing) {
            String own = below.toString();
            return own.isEmpty() && folder != null ? Discovery.name(folder) : own;
        }
        return below.resolve(bare).toString();
    }
}
