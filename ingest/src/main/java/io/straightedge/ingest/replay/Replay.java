package io.straightedge.ingest.replay;

import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Files of curves as one timeline: the study, then every run's manifest, losses and end, interleaved.
 *
 * <p>Runs are interleaved by time when every row of every run has one: the timeline is then real time from the first
 * row. Otherwise by the fraction of their steps: the timeline is then one minute for the whole of every run. Steps
 * that go backwards stay where the file has them. Memory is O(file); events are made as they are asked for.
 */
public final class Replay {

    /** Length of a timeline without times. */
    static final Duration WITHOUT_TIMES = Duration.ofMinutes(1);

    private final StudyDefinition study;
    private final List<RunReplay> runs;
    private final boolean timed;

    /** Events in order: entry i is event {@code place[i]} of run {@code owner[i]}, due after {@code seconds[i]}. */
    private final int[] owner;

    private final int[] place;
    private final double[] seconds;

    private Replay(StudyDefinition study, List<RunReplay> runs, boolean timed) {
        this.study = study;
        this.runs = runs;
        this.timed = timed;
        int size = runs.stream().mapToInt(RunReplay::size).sum();
        int[] owners = new int[size];
        int[] places = new int[size];
        double[] due = new double[size];
        int next = 0;
        for (int r = 0; r < runs.size(); r++) {
            for (int e = 0; e < runs.get(r).size(); e++, next++) {
                owners[next] = r;
                places[next] = e;
                due[next] = runs.get(r).position(e);
            }
        }
        double first = timed ? Arrays.stream(due).min().orElse(0) : 0;
        double scale = timed ? 1 : WITHOUT_TIMES.toSeconds();
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> due[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.owner = Arrays.stream(order).map(i -> owners[i]).toArray();
        this.place = Arrays.stream(order).map(i -> places[i]).toArray();
        this.seconds =
                Arrays.stream(order).mapToDouble(i -> (due[i] - first) * scale).toArray();
    }

    /**
     * Reads the files; all their runs become one study.
     *
     * @throws CurveFileException when a file is not one of curves
     */
    public static Replay of(List<Path> files, ReplayOptions options) throws IOException, CurveFileException {
        List<RunHistory> histories = new ArrayList<>();
        for (Path file : files) {
            histories.addAll(CurveFile.read(file));
        }
        String study = options.study() != null ? options.study() : studyName(files, histories);
        String primary = options.primarySplit() != null ? options.primarySplit() : primarySplit(histories);
        boolean timed = histories.stream().allMatch(history -> history.seconds() != null);
        Map<String, Long> names = new TreeMap<>();
        histories.forEach(history -> names.merge(history.run(), 1L, Long::sum));
        List<RunReplay> runs = histories.stream()
                .map(history -> new RunReplay(
                        study,
                        names.getOrDefault(history.run(), 1L) > 1
                                ? history.family() + "/" + history.run()
                                : history.run(),
                        history,
                        primary,
                        options,
                        timed))
                .toList();
        return new Replay(
                new StudyDefinition(
                        study,
                        options.paramsCount(),
                        LossUnit.NATS,
                        null,
                        primary,
                        null,
                        options.budgetsFlops(),
                        StudyClock.EVENT,
                        null,
                        Map.of()),
                runs,
                timed);
    }

    /** How many events there are. */
    public long total() {
        return 1L + owner.length;
    }

    /** The study's name. */
    public String study() {
        return study.study();
    }

    /** How many runs there are. */
    public int runs() {
        return runs.size();
    }

    /** Whether the files have times, so that the timeline is real time. */
    public boolean timed() {
        return timed;
    }

    /** The events in order; each walk gives the same ones. */
    public Iterable<TimedEvent> events() {
        return () -> Stream.concat(
                        Stream.of(new TimedEvent(Duration.ZERO, study)),
                        IntStream.range(0, owner.length).mapToObj(this::event))
                .iterator();
    }

    private TimedEvent event(int i) {
        TrainingEvent event = runs.get(owner[i]).event(place[i]);
        return new TimedEvent(Duration.ofMillis(Math.round(seconds[i] * 1000)), event);
    }

    private static String studyName(List<Path> files, List<RunHistory> histories) {
        List<String> families =
                histories.stream().map(RunHistory::family).distinct().toList();
        if (families.size() == 1 && !families.get(0).isEmpty()) {
            return families.get(0);
        }
        String file = String.valueOf(files.get(0).getFileName());
        int dot = file.indexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    private static String primarySplit(List<RunHistory> histories) {
        Map<String, Long> splits = new TreeMap<>();
        histories.forEach(history -> history.rows().forEach(row -> splits.merge(row.split(), 1L, Long::sum)));
        if (splits.containsKey(LossObservation.TRAIN)) {
            return LossObservation.TRAIN;
        }
        return splits.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(LossObservation.TRAIN);
    }
}
