package io.straightedge.deploy.backtest.alarm;

import io.straightedge.deploy.backtest.Workers;
import io.straightedge.deploy.backtest.alarm.StudyWatch.Watched;
import io.straightedge.ingest.history.KnownAnomaly;
import io.straightedge.ingest.history.PastRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Says what would have fired on a history of runs. */
public final class AlarmBacktest {

    private final AlarmChoices choices;
    private final List<Part> parts;
    private final LabelScore labels;
    private final Injections injections;
    private final Map<String, Integer> untested = new TreeMap<>();

    /** A study, made when it is wanted. */
    record Part(long observations, Supplier<List<LoggedRun>> runs) {}

    private AlarmBacktest(AlarmChoices choices, List<Part> parts, List<LoggedRun> runs, List<KnownAnomaly> known) {
        this.choices = choices;
        this.parts = parts;
        this.labels = new LabelScore(known, runs);
        this.injections = new Injections(runs, choices);
        if (choices.injections() > 0) {
            count("runs too short for injected faults", runs.size() - injections.runs());
        }
    }

    /**
     * Arranges a test of the runs as they are: those of a study side by side.
     *
     * @param known what is known to have happened to them
     */
    public static AlarmBacktest of(List<PastRun> past, List<KnownAnomaly> known, AlarmChoices choices) {
        Map<String, List<LoggedRun>> studies = new LinkedHashMap<>();
        for (LoggedRun run : logged(past, choices)) {
            studies.computeIfAbsent(run.past().study(), unseen -> new ArrayList<>())
                    .add(run);
        }
        List<Part> parts = studies.values().stream()
                .map(runs -> new Part(runs.stream().mapToLong(LoggedRun::size).sum(), () -> runs))
                .toList();
        List<LoggedRun> runs = studies.values().stream().flatMap(List::stream).toList();
        return new AlarmBacktest(choices, parts, runs, known);
    }

    /**
     * Arranges a test of healthy runs that are {@linkplain Resampled made} from long ones, each its study's only run.
     *
     * @param runDays how long they go on, all together
     */
    public static AlarmBacktest resampled(List<PastRun> past, double runDays, AlarmChoices choices) {
        List<LoggedRun> logged = logged(past, choices);
        List<LoggedRun> usable = logged.stream().filter(Resampled::canBe).toList();
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("no run has " + Resampled.LEAST_OBSERVATIONS
                    + " observations that are all numbers and go forwards: there are no residuals to draw from");
        }
        AlarmBacktest test =
                new AlarmBacktest(choices, Resampled.parts(usable, runDays, choices.seed()), List.of(), List.of());
        test.count("runs too short or too broken to draw residuals from", logged.size() - usable.size());
        return test;
    }

    private static List<LoggedRun> logged(List<PastRun> past, AlarmChoices choices) {
        return past.stream()
                .filter(run -> !run.losses().isEmpty())
                .map(run -> LoggedRun.of(run, Cadence.of(run, choices.secondsPerObservation())))
                .toList();
    }

    /** Observations to be fed, again and again where faults are injected. */
    public long work() {
        return parts.stream().mapToLong(Part::observations).sum() + injections.work();
    }

    /**
     * Runs it.
     *
     * @param progress is told how many observations have been fed, from any thread, one at a time
     */
    public AlarmReport run(LongConsumer progress) {
        LongConsumer fed = new LongConsumer() {
            private long all;

            @Override
            public synchronized void accept(long more) {
                all += more;
                progress.accept(all);
            }
        };
        Summary summary = new Summary(watched(fed), labels);
        if (choices.injections() == 0) {
            return summary.report(null, untested);
        }
        Injections.Outcome injected = injections.run(fed);
        count("faults left out, as the run had a finding of its own there", injected.occupied());
        return summary.report(injected.table(), untested);
    }

    private void count(String reason, int n) {
        if (n > 0) {
            untested.put(reason, n);
        }
    }

    /** Studies in their order, though the largest are begun first. */
    private List<Watched> watched(LongConsumer fed) {
        List<Integer> order = IntStream.range(0, parts.size())
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> parts.get(i).observations())
                        .reversed())
                .toList();
        List<Callable<Watched>> tasks = order.stream()
                .<Callable<Watched>>map(
                        i -> () -> StudyWatch.live(parts.get(i).runs().get(), choices.rules(), fed))
                .toList();
        List<Watched> done = Workers.run(choices.threads(), tasks);
        Watched[] watched = new Watched[parts.size()];
        for (int i = 0; i < watched.length; i++) {
            watched[order.get(i)] = done.get(i);
        }
        return List.of(watched);
    }
}
