package io.straightedge.ingest.watch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds files below the roots, through symbolic links but not in circles, and says which belong to one source: {@code log},
 * {@code log.1} and {@code log.2.gz}; the event files of one directory with those of its
 * {@code train} and {@code validation}; the same file in {@code checkpoint-100},
 * {@code checkpoint-200} ... Hidden files and those that hold weights are passed over.
 */
final class Discovery {

    private static final int DEEPEST = 32;

    private static final Pattern ROTATED = Pattern.compile("(.+?)(?:\\.(\\d{1,3}))?(\\.gz)?");
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d+)");
    private static final String EVENTS = "tfevents";

    private static final Set<String> NO_LOGS = Set.of(
            "pt",
            "pth",
            "ckpt",
            "safetensors",
            "bin",
            "distcp",
            "npy",
            "npz",
            "idx",
            "parquet",
            "arrow",
            "png",
            "svg",
            "py",
            "pyc",
            "so",
            "zip",
            "tar",
            "tgz",
            "h5",
            "onnx",
            "gguf",
            "model",
            "msgpack",
            "pkl",
            "lock");

    private final FollowOptions options;
    private final List<PathMatcher> includes;
    private final List<PathMatcher> excludes;
    private final Notices notices;

    Discovery(FollowOptions options, Notices notices) {
        this.options = options;
        this.includes = matchers(options.includes());
        this.excludes = matchers(options.excludes());
        this.notices = notices;
    }

    private static List<PathMatcher> matchers(List<String> globs) {
        return globs.stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
    }

    /**
     * The files that are there now.
     *
     * @param known whether a source of that name is followed, which makes {@code log.1} part of {@code log} even while
     *     there is no {@code log}
     */
    List<Found> look(Predicate<String> known) {
        Map<Path, Seen> seen = new HashMap<>();
        for (Path root : options.roots()) {
            walk(root, seen);
        }
        leaveOutLinks(seen);
        List<Found> found = new ArrayList<>();
        seen.values().forEach(one -> found.add(found(one, seen, known)));
        return found;
    }

    /** Of the names of one file, its own stays: {@code latest-run} is a link to a directory that is there too. */
    private static void leaveOutLinks(Map<Path, Seen> seen) {
        Map<Object, Path> names = new HashMap<>();
        for (Seen one : new TreeMap<>(seen).values()) {
            Path path = one.path();
            Object key = one.attributes().fileKey();
            Path other = key == null ? null : names.putIfAbsent(key, path);
            if (other != null) {
                Path link = isItself(path) && !isItself(other) ? other : path;
                seen.remove(link);
                names.put(key, link.equals(path) ? other : path);
            }
        }
    }

    private static boolean isItself(Path path) {
        try {
            return path.toRealPath().equals(path);
        } catch (IOException e) {
            return false;
        }
    }

    private record Seen(Path root, Path path, BasicFileAttributes attributes) {

        /** Whether it is an event file of that directory's run, and of its training. */
        boolean isEventsOf(Path run) {
            Path folder = path.getParent();
            return folder != null
                    && name(path).contains(EVENTS)
                    && (folder.equals(run) || (run.equals(folder.getParent()) && EventFolder.isTraining(folder)));
        }
    }

    private static String eventsOf(Path run) {
        return run.resolve("*" + EVENTS + "*").toString();
    }

    private void walk(Path root, Map<Path, Seen> seen) {
        try {
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean hidden = !directory.equals(root) && hidden(directory);
                    return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && (file.equals(root) || wanted(root, file))) {
                        if (seen.size() >= options.mostFiles()) {
                            notices.once(
                                    "more",
                                    "more than " + options.mostFiles()
                                            + " files: the rest is not looked at; narrow it down with --include or --exclude");
                            return FileVisitResult.TERMINATE;
                        }
                        seen.putIfAbsent(file, new Seen(root, file, attributes));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (e instanceof AccessDeniedException) {
                        notices.once("denied " + file, "no permission to read " + file + "; trying again");
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            notices.once("gone " + root, root + " is not there any more; waiting for it");
        } catch (IOException e) {
            notices.once("walk " + root + e, root + " cannot be read: " + e + "; trying again");
        }
    }

    private boolean wanted(Path root, Path file) {
        Path below = root.relativize(file);
        if (hidden(file) || excludes.stream().anyMatch(glob -> fits(glob, below))) {
            return false;
        }
        if (!includes.isEmpty()) {
            return includes.stream().anyMatch(glob -> fits(glob, below));
        }
        return !NO_LOGS.contains(extension(name(file)));
    }

    private static boolean fits(PathMatcher glob, Path below) {
        return glob.matches(below) || glob.matches(below.getFileName());
    }

    private static boolean hidden(Path path) {
        return name(path).startsWith(".");
    }

    static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static Found found(Seen seen, Map<Path, Seen> all, Predicate<String> known) {
        Path path = seen.path();
        String name = name(path);
        boolean packed = name.endsWith(".gz");
        String source = path.toString();
        String order = "";
        String split = null;
        Path folder = path.getParent();
        Matcher rotated = ROTATED.matcher(name);
        if (name.contains(EVENTS) && folder != null) {
            EventFolder own = EventFolder.of(
                    seen.root(),
                    folder,
                    run -> known.test(eventsOf(run)) || all.values().stream().anyMatch(one -> one.isEventsOf(run)));
            source = eventsOf(own.run());
            split = own.split();
            order = name;
        } else if (rotated.matches()) {
            Path unpacked = path.resolveSibling(
                    rotated.group(2) == null ? rotated.group(1) : rotated.group(1) + "." + rotated.group(2));
            Path first = path.resolveSibling(rotated.group(1));
            boolean ofFirst = rotated.group(2) != null && (all.containsKey(first) || known.test(first.toString()));
            source = ofFirst ? first.toString() : unpacked.toString();
            int turns = ofFirst ? Integer.parseInt(rotated.group(2)) : 0;
            // The oldest first, and what is packed before what is not.
            order = String.format(Locale.ROOT, "%03d%s", 999 - turns, packed ? "a" : "b");
        }
        Matcher checkpoint = folder == null ? CHECKPOINT.matcher("") : CHECKPOINT.matcher(name(folder));
        if (folder != null && checkpoint.matches() && !seen.root().equals(folder) && folder.getParent() != null) {
            source = folder.resolveSibling(name).toString();
            order = "checkpoint" + String.format(Locale.ROOT, "%020d", Long.parseLong(checkpoint.group(1)));
        }
        BasicFileAttributes attributes = seen.attributes();
        return new Found(
                seen.root(),
                path,
                source,
                order,
                split,
                packed,
                attributes.fileKey(),
                attributes.size(),
                attributes.lastModifiedTime().toMillis());
    }
}
