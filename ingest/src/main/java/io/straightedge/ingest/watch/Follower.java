package io.straightedge.ingest.watch;

import io.straightedge.ingest.watch.Formats.Recognised;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Follows files, and gives what is to be sent of them in batches, each with where its files stand afterwards. Not
 * thread-safe.
 *
 * <p>In turns: {@link #look}, {@link #next} until it is dry, {@link #idle} and {@link #next} again. A file that is begun
 * again by another process is read from its beginning, and the losses that its position counts are held back.
 */
public final class Follower {

    private static final int BATCH_EVENTS = 1_000;

    private final FollowOptions options;
    private final boolean once;
    private final Notices notices;
    private final Discovery discovery;
    private final Recognition recognition;
    private final SourceNames names;
    private final Companions companions = new Companions();
    private final Map<String, List<Position>> remembered;
    private final Map<String, RunSource> sources = new LinkedHashMap<>();
    private final Set<String> keys = new HashSet<>();
    private final ArrayDeque<SourceFile.Outgoing> pending = new ArrayDeque<>();
    private int turn;

    /**
     * A follower that has not looked yet.
     *
     * @param once whether the files are read only this once: nothing is waited for
     * @param remembered where files stood when another process followed them
     * @param said takes what people should know of: files that are new, rotated, gone, unreadable
     */
    public Follower(
            FollowOptions options, boolean once, Collection<Position> remembered, Consumer<? super String> said) {
        this.options = options;
        this.once = once;
        this.notices = new Notices(said);
        this.discovery = new Discovery(options, notices);
        this.recognition = new Recognition(options);
        this.names = new SourceNames(options);
        this.remembered = remembered.stream().collect(Collectors.groupingBy(Position::source));
        remembered.forEach(position -> {
            keys.add(position.key());
            names.taken(position.base(), position.source());
        });
    }

    /** Looks which files there are: new ones are taken in, renamed ones known again, missing ones said. */
    public void look() {
        Map<String, List<Found>> bySource =
                discovery.look(source -> sources.containsKey(source) || remembered.containsKey(source)).stream()
                        .sorted(Comparator.comparing(Found::order).thenComparing(Found::path))
                        .collect(Collectors.groupingBy(Found::source, TreeMap::new, Collectors.toList()));
        bySource.forEach((name, found) -> {
            if (companions.knows(name)) {
                readCompanion(name, found);
                return;
            }
            RunSource source = sources.get(name);
            if (source == null) {
                source = recognise(name, found);
            }
            if (source != null) {
                match(source, found);
            }
        });
        sources.forEach((name, source) -> {
            if (!bySource.containsKey(name)) {
                match(source, List.of());
            }
            source.beside(companions.in(Path.of(name).getParent()));
        });
    }

    private void readCompanion(String name, List<Found> found) {
        Found last = found.get(found.size() - 1);
        try {
            companions.look(name, last);
            notices.over("failed " + last.path());
        } catch (IOException e) {
            failed(last, e);
        }
    }

    private @Nullable RunSource recognise(String name, List<Found> files) {
        for (Found found : files) {
            try {
                Recognised recognised = recognition.of(name, found);
                if (recognised != null) {
                    files.forEach(recognition::forget);
                    if (recognised.format().companion()) {
                        companions.add(name, recognised);
                        readCompanion(name, files);
                        return null;
                    }
                    RunSource source = begin(name, found, recognised);
                    sources.put(name, source);
                    return source;
                }
            } catch (IOException e) {
                failed(found, e);
            }
        }
        return null;
    }

    private RunSource begin(String name, Found found, Recognised recognised) {
        List<Position> before = remembered.getOrDefault(name, List.of());
        String base = before.isEmpty()
                ? names.of(name, found)
                : before.get(before.size() - 1).base();
        String study = names.study(found.root());
        RunSource source = new RunSource(
                name,
                recognised,
                options.source(),
                base,
                () -> new RunTeller(study, base, names.prefixed(), options.derived(), options.given()),
                keys,
                notices,
                pending::add);
        before.forEach(position -> source.told(position.manifests()));
        return source;
    }

    /** Tells which of the files found are known, and takes the others in. */
    private void match(RunSource source, List<Found> all) {
        boolean whole = source.format().whole();
        List<Found> found = new ArrayList<>(whole && all.size() > 1 ? all.subList(all.size() - 1, all.size()) : all);
        List<SourceFile> left = new ArrayList<>(source.files());
        // Under the same name first: then only what was rotated or replaced is left to be looked into.
        List<Found> unknown = new ArrayList<>();
        for (Found one : found) {
            if (!known(left, one, true)) {
                unknown.add(one);
            }
        }
        for (Found one : unknown) {
            if (!known(left, one, false)) {
                try {
                    take(source, one);
                } catch (IOException e) {
                    failed(one, e);
                }
            }
        }
        left.stream().filter(file -> !file.gone()).forEach(file -> {
            file.vanished();
            notices.say(file.found().path()
                    + (found.stream()
                                    .anyMatch(one ->
                                            one.path().equals(file.found().path()))
                            ? " was truncated or replaced: the new one is read from its beginning"
                            : " is gone"));
        });
        source.files()
                .sort(Comparator.comparing((SourceFile file) -> !file.gone())
                        .thenComparing(file -> file.found().order())
                        .thenComparing(file -> file.found().path()));
    }

    private boolean known(List<SourceFile> left, Found found, boolean sameName) {
        for (SourceFile file : left) {
            boolean candidate = file.found().path().equals(found.path()) == sameName;
            try {
                if (candidate && file.is(found)) {
                    if (!sameName) {
                        notices.say(file.found().path() + " is now " + found.path());
                    }
                    file.seen(found);
                    left.remove(file);
                    return true;
                }
            } catch (IOException e) {
                failed(found, e);
            }
        }
        return false;
    }

    private void take(RunSource source, Found found) throws IOException {
        Position before = null;
        List<Position> candidates = new ArrayList<>(remembered.getOrDefault(source.name(), List.of()));
        String path = found.path().toString();
        candidates.sort(Comparator.comparing(position -> !position.path().equals(path)));
        for (Position position : candidates) {
            if (before == null && (source.format().whole() || GrowingFile.is(position, found))) {
                before = position;
            }
        }
        if (before != null) {
            List<Position> others = new ArrayList<>(candidates);
            others.remove(before);
            remembered.put(source.name(), others);
        }
        source.files()
                .add(
                        source.format().whole()
                                ? new WholeFile(source, found, before, once)
                                : new GrowingFile(source, found, before));
    }

    /** The next events: about a thousand, or none when nothing is there to read. */
    public Batch next() {
        boolean any = true;
        while (pending.size() < BATCH_EVENTS && any) {
            any = readPiece();
        }
        Map<SourceFile, SourceFile.Outgoing> last = new LinkedHashMap<>();
        List<TrainingEvent> events = new ArrayList<>();
        while (events.size() < BATCH_EVENTS && !pending.isEmpty()) {
            SourceFile.Outgoing outgoing = pending.remove();
            events.add(outgoing.event());
            outgoing.file().source().stored(outgoing.event());
            last.put(outgoing.file(), outgoing);
        }
        List<Position> positions = last.values().stream()
                .map(outgoing -> outgoing.file()
                        .position(
                                outgoing.losses(),
                                outgoing.ends(),
                                outgoing.file().source().told()))
                .toList();
        return new Batch(events, positions, pending.isEmpty() && !any);
    }

    /** Reads from the next source that has something, so that no source keeps the others waiting. */
    private boolean readPiece() {
        List<RunSource> all = List.copyOf(sources.values());
        for (int i = 0; i < all.size(); i++) {
            RunSource source = all.get((turn + i) % all.size());
            if (readPiece(source)) {
                turn = (turn + i + 1) % all.size();
                return true;
            }
        }
        return false;
    }

    private boolean readPiece(RunSource source) {
        List<SourceFile> earlier = new ArrayList<>();
        for (SourceFile file : source.files()) {
            try {
                if (file.more()) {
                    // What an older file keeps waiting comes before what a newer one says.
                    earlier.forEach(SourceFile::idle);
                    if (file.read()) {
                        notices.over("failed " + file.found().path());
                        return true;
                    }
                }
            } catch (IOException e) {
                failed(file.found(), e);
                return false;
            }
            earlier.add(file);
        }
        return false;
    }

    /** Nothing has come for a while: what waits for company is given, by {@link #next}. */
    public void idle() {
        for (RunSource source : sources.values()) {
            source.files().forEach(SourceFile::idle);
            source.settle();
        }
    }

    /** Nothing more will be read: what is complete is given, by {@link #next}. */
    public void end() {
        for (RunSource source : sources.values()) {
            source.files().stream().filter(file -> !file.gone()).forEach(SourceFile::end);
            source.settle();
        }
    }

    /** How each source stands. */
    public List<Followed> followed() {
        return sources.values().stream()
                .filter(source -> !source.files().isEmpty())
                .map(RunSource::followed)
                .toList();
    }

    /** Files that only say what the runs beside them are, by path, and what gave them away. */
    public Map<String, Formats.Recognised> companions() {
        return companions.files();
    }

    /** Files that are like none of the formats, and why. */
    public Map<String, String> unrecognised() {
        return recognition.failures();
    }

    private void failed(Found found, IOException e) {
        String what;
        if (e instanceof AccessDeniedException) {
            what = "no permission to read " + found.path();
        } else if (e instanceof NoSuchFileException) {
            return;
        } else {
            what = found.path() + " cannot be read: " + e.getMessage();
        }
        notices.once("failed " + found.path(), what + "; trying again");
    }
}
