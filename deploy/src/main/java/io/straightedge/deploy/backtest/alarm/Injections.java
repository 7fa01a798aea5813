package io.straightedge.deploy.backtest.alarm;

import io.straightedge.deploy.backtest.Workers;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Injected;
import io.straightedge.deploy.backtest.alarm.InjectionTrial.Healthy;
import io.straightedge.ingest.history.PastRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts faults into the long runs of a history, each at several places, and says when they are found.
 *
 * <p>All kinds of fault begin at the same places, which depend on the seed and the run's number alone. A place at which
 * the healthy run has a finding of its own going on is left out. Where runs saw the same data, only those are given faults
 * that come after another of their order, which they are held against, and not beyond its end.
 */
final class Injections {

    /** Shorter runs have no room for a settled curve before a fault and for all its observations after it. */
    static final int LEAST_OBSERVATIONS = 2000;

    private static final int LONGEST = 1000;

    /** A fault does not begin before this share of the run: forecasts begin to hold there. */
    private static final double EARLIEST = .1;

    private static final int EARLIEST_OBSERVATION = 300;

    private final AlarmChoices choices;
    private final List<Subject> subjects;

    /** @param twin the first run that saw the same data; null where there is none */
    private record Subject(LoggedRun run, @Nullable LoggedRun twin, List<Integer> onsets) {

        List<Fault> faults() {
            return Fault.of(twin != null);
        }
    }

    /** What became of one fault; no delays at all where it was left out. */
    private record Trial(Fault fault, RunNoise noise, boolean occupied, Map<String, Integer> delays) {}

    Injections(List<LoggedRun> runs, AlarmChoices choices) {
        this.choices = choices;
        this.subjects = new ArrayList<>();
        boolean pairs = runs.stream().anyMatch(run -> run.past().manifest().dataOrder() != null);
        for (int i = 0; i < runs.size() && choices.injections() > 0; i++) {
            LoggedRun twin = twin(runs, i);
            int size = twin == null ? runs.get(i).size() : beside(runs.get(i), twin);
            if (size >= LEAST_OBSERVATIONS && (twin != null || !pairs)) {
                subjects.add(new Subject(runs.get(i), twin, onsets(size, i)));
            }
        }
    }

    /** The first run of the study that saw the same data, if that is another. */
    private static @Nullable LoggedRun twin(List<LoggedRun> runs, int index) {
        PastRun own = runs.get(index).past();
        String order = own.manifest().dataOrder();
        for (int i = 0; i < index && order != null; i++) {
            PastRun other = runs.get(i).past();
            if (order.equals(other.manifest().dataOrder()) && own.study().equals(other.study())) {
                return runs.get(i);
            }
        }
        return null;
    }

    /** Observations until the run gets further than its twin came. */
    private static int beside(LoggedRun run, LoggedRun twin) {
        int size = 0;
        while (size < run.size() && run.step(size) <= twin.step(twin.size() - 1)) {
            size++;
        }
        return size;
    }

    private List<Integer> onsets(int size, int number) {
        Random random = new Random(choices.seed() * 1_000_003 + number);
        int first = Math.max(EARLIEST_OBSERVATION, (int) (EARLIEST * size));
        return random.ints(choices.injections(), first, size - LONGEST + 1)
                .sorted()
                .boxed()
                .toList();
    }

    int runs() {
        return subjects.size();
    }

    /** Observations to be fed. */
    long work() {
        long work = 0;
        for (Subject subject : subjects) {
            work += subject.run.size();
            for (Fault fault : subject.faults()) {
                work += subject.onsets.stream()
                        .mapToLong(onset -> onset + (long) fault.within())
                        .sum();
            }
        }
        return work;
    }

    /** The table, and how many faults were left out. */
    record Outcome(List<Injected> table, int occupied) {}

    Outcome run(LongConsumer fed) {
        List<Callable<List<Trial>>> tasks = new ArrayList<>();
        for (Subject subject : subjects) {
            Trend trend = Trend.of(subject.run).falling();
            RunNoise noise = RunNoise.of(subject.run);
            Memo<Healthy> healthy = new Memo<>(() -> {
                Healthy found = trial(subject).healthy();
                fed.accept(subject.run.size());
                return found;
            });
            for (int onset : subject.onsets) {
                tasks.add(() -> trials(subject, noise, onset, trend, healthy.value(), fed));
            }
        }
        List<Trial> trials = new ArrayList<>();
        Workers.run(choices.threads(), tasks).forEach(trials::addAll);
        List<Injected> table = new ArrayList<>();
        for (RunNoise noise : RunNoise.values()) {
            for (Fault fault : Fault.values()) {
                List<Trial> own = trials.stream()
                        .filter(trial -> trial.fault == fault && trial.noise == noise && !trial.occupied)
                        .toList();
                table.addAll(rows(fault, noise, own));
            }
        }
        return new Outcome(table, (int) trials.stream().filter(Trial::occupied).count());
    }

    private InjectionTrial trial(Subject subject) {
        return new InjectionTrial(subject.run, subject.twin, choices.rules());
    }

    private List<Trial> trials(
            Subject subject, RunNoise noise, int onset, Trend trend, Healthy healthy, LongConsumer fed) {
        InjectionTrial trial = trial(subject);
        boolean occupied = healthy.open()[onset - 1] || healthy.open()[onset];
        List<Trial> trials = new ArrayList<>();
        for (Fault fault : subject.faults()) {
            trials.add(new Trial(
                    fault, noise, occupied, occupied ? Map.of() : trial.delays(fault, onset, trend, healthy)));
            fed.accept(onset + (long) fault.within());
        }
        return trials;
    }

    private static List<Injected> rows(Fault fault, RunNoise noise, List<Trial> trials) {
        Set<String> names = new LinkedHashSet<>();
        trials.forEach(trial -> names.addAll(new TreeSet<>(trial.delays.keySet())));
        names.removeAll(Set.of(InjectionTrial.DEVIATION, InjectionTrial.WARNING, InjectionTrial.PAGE));
        List<String> by = new ArrayList<>(List.of(InjectionTrial.DEVIATION));
        by.addAll(new TreeSet<>(names));
        by.addAll(List.of(InjectionTrial.WARNING, InjectionTrial.PAGE));
        return trials.isEmpty()
                ? List.of()
                : by.stream()
                        .map(name -> row(
                                fault,
                                noise,
                                name,
                                trials.stream()
                                        .map(trial -> trial.delays.get(name))
                                        .map(delay -> delay == null ? Double.POSITIVE_INFINITY : (double) delay)
                                        .toList()))
                        .toList();
    }

    private static Injected row(Fault fault, RunNoise noise, String by, Collection<Double> delays) {
        double[] all = delays.stream().mapToDouble(Double::doubleValue).toArray();
        double[] found = Arrays.stream(all).filter(Double::isFinite).toArray();
        return new Injected(
                fault.label(),
                noise.label(),
                fault.within(),
                by,
                all.length,
                LabelScore.median(all),
                found.length == 0
                        ? null
                        : (Double) Arrays.stream(found).average().orElseThrow(),
                1 - found.length / (double) all.length);
    }

    /** A value that is made once, by whoever asks first. */
    private static final class Memo<T> {

        private final Callable<T> make;
        private @Nullable T value;

        Memo(Callable<T> make) {
            this.make = make;
        }

        synchronized T value() throws Exception {
            if (value == null) {
                value = make.call();
            }
            return Objects.requireNonNull(value);
        }
    }
}
