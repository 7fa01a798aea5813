package io.straightedge.ingest.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads histories of runs: curve CSVs, plain or gzip, and the LossCast layout, told by their headers; of a folder, all
 * such files in it.
 *
 * <p>The source of a curve is its file's name, or its folder's where the file is called after what it holds (curves,
 * train, val). Runs of the same name in one study are told apart by their family, else by a number.
 */
public final class PastRuns {

    /** Words that say nothing of where curves come from. */
    private static final Pattern GENERIC =
            Pattern.compile("(curves?|runs?|losse?s?|train|val|valid|validation|points|data|compact|history)");

    /** A file found in a folder whose runs all have fewer losses is one of final losses, not of curves. */
    private static final int LEAST_CURVE = 3;

    private final List<PastRun> runs = new ArrayList<>();
    private final Map<Path, String> sources = new LinkedHashMap<>();

    private PastRuns() {}

    /**
     * All runs of the files, in their order. Those that went on from another's checkpoint are given their
     * {@linkplain Branches beginnings}.
     *
     * @throws IllegalArgumentException when a file cannot be used as it is; the text says why, for the person who gave it
     */
    public static List<PastRun> read(List<Path> paths, GivenSchedules schedules) throws IOException {
        return Branches.joined(asLogged(paths, schedules));
    }

    /**
     * The same as the files have them, without anything that another run logged.
     *
     * @throws IllegalArgumentException when a file cannot be used as it is
     */
    public static List<PastRun> asLogged(List<Path> paths, GivenSchedules schedules) throws IOException {
        PastRuns past = new PastRuns();
        Set<Path> curves = new LinkedHashSet<>();
        Map<Path, Path> recipes = new LinkedHashMap<>();
        List<Path> points = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        Set<Path> found = new LinkedHashSet<>();
        for (Path path : paths) {
            List<Path> own = Files.isDirectory(path) ? inside(path) : List.of(path);
            files.addAll(own);
            found.addAll(Files.isDirectory(path) ? own : List.of());
        }
        for (Path file : files) {
            List<String> header = Csv.header(file);
            if (LossCast.isPoints(header)) {
                points.add(file);
            }
        }
        for (Path file : files) {
            List<String> header = Csv.header(file);
            if (LossCast.isRuns(header)) {
                recipes.put(file, partner(file, "runs", "points", points));
            } else if (!LossCast.isPoints(header)) {
                curves.add(file);
            }
        }
        for (Path file : points) {
            if (!recipes.containsValue(file)) {
                recipes.put(partner(file, "points", "runs", List.of()), file);
            }
        }
        past.nameSources(curves);
        for (Path file : curves) {
            List<PastRun> own = CurveRuns.read(file, past.sources.getOrDefault(file, ""), schedules);
            boolean finals = own.stream().allMatch(run -> run.losses().size() < LEAST_CURVE);
            past.runs.addAll(finals && found.contains(file) ? List.of() : own);
        }
        for (Map.Entry<Path, Path> pair : recipes.entrySet()) {
            past.runs.addAll(LossCast.read(pair.getKey(), pair.getValue()));
        }
        return past.named();
    }

    /** The files of a folder that hold curves or the LossCast layout. */
    private static List<Path> inside(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                List<String> header = name.endsWith(".csv") || name.endsWith(".csv.gz") ? Csv.header(file) : List.of();
                boolean curve = header.containsAll(List.of("run", "step", "loss"));
                if (curve || LossCast.isRuns(header) || LossCast.isPoints(header)) {
                    found.add(file);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    folder + ": holds no file of curves (columns run, step, loss), and not the"
                            + " LossCast layout (runs.csv.gz with points.csv.gz)");
        }
        return found;
    }

    /** The other file of the LossCast layout: beside it under the like name, else the only one given. */
    private static Path partner(Path file, String own, String other, List<Path> given) {
        String name = String.valueOf(file.getFileName());
        String wanted = name.replace(own, other);
        String plain = wanted.endsWith(".gz") ? wanted.substring(0, wanted.length() - 3) : wanted;
        for (String candidate : List.of(wanted, plain, plain + ".gz")) {
            Path beside = file.resolveSibling(candidate);
            if (!candidate.equals(name) && Files.exists(beside)) {
                return beside;
            }
        }
        if (given.size() == 1) {
            return given.get(0);
        }
        throw new IllegalArgumentException(file + ": the LossCast layout is two files, and there is no " + plain
                + " or " + plain + ".gz beside this one");
    }

    private void nameSources(Set<Path> files) {
        for (Path file : files) {
            String stem = String.valueOf(file.getFileName()).replaceFirst("\\.csv(\\.gz)?$", "");
            boolean generic = Stream.of(stem.split("[-_. ]", -1))
                    .allMatch(word -> GENERIC.matcher(word).matches());
            Path folder = file.toAbsolutePath().normalize().getParent();
            Path folderName = folder == null ? null : folder.getFileName();
            sources.put(file, generic && folderName != null ? folderName.toString() : stem);
        }
        Map<String, Path> folders = new LinkedHashMap<>();
        for (Path file : files) {
            Path folder = file.toAbsolutePath().normalize().getParent();
            String name = sources.getOrDefault(file, "");
            Path first = folders.putIfAbsent(name, folder == null ? file : folder);
            if (first != null && !first.equals(folder)) {
                sources.put(file, (folder == null ? "" : folder.getFileName() + "/") + name);
            }
        }
    }

    /** The runs, each with a name that no other run of its study has. */
    private List<PastRun> named() {
        Map<String, Integer> count = new LinkedHashMap<>();
        runs.forEach(run -> count.merge(key(run, run.name()), 1, Integer::sum));
        Set<String> taken = new LinkedHashSet<>();
        List<PastRun> named = new ArrayList<>();
        for (PastRun run : runs) {
            String name = run.name();
            if (count.getOrDefault(key(run, name), 0) > 1 && !run.family().isEmpty()) {
                name = run.family() + "/" + name;
            }
            String unique = name;
            for (int i = 2; !taken.add(key(run, unique)); i++) {
                unique = name + " (" + i + ")";
            }
            named.add(unique.equals(run.name()) ? run : run.as(unique));
        }
        return named;
    }

    private static String key(PastRun run, String name) {
        return run.study() + "\n" + name;
    }
}
