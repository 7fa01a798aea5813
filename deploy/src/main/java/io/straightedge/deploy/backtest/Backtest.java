package io.straightedge.deploy.backtest;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.ingest.history.PastRun;
import io.straightedge.ingest.history.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Tests finished runs: how far off the forecasts were that could have been made while they went on. */
public final class Backtest {

    private static final int LEAST_OBSERVATIONS = 3;
    private static final double LEAST_PART = 0.9;
    /** A unit with fewer tests is not divided: each part has to learn the history. */
    private static final int LEAST_TESTS = 16;

    private final BacktestChoices choices;
    private final SkippedRuns skipped = new SkippedRuns();
    private final List<Unit> units;

    private Backtest(List<PastRun> runs, BacktestChoices choices) {
        this.choices = choices;
        HistoryChoice history = choices.history() instanceof HistoryChoice.Given given
                ? new HistoryChoice.Given(usable(given.runs()))
                : choices.history();
        this.units = shared(new Units(choices, history, skipped).of(usable(runs)));
    }

    /** Arranges a test of {@code runs}. */
    public static Backtest of(List<PastRun> runs, BacktestChoices choices) {
        return new Backtest(runs, choices);
    }

    /** Runs to be fed, in whole or in part. */
    public long work() {
        return units.stream().mapToLong(Unit::work).sum();
    }

    /**
     * Runs it.
     *
     * @param progress is told how many runs have been fed, from any thread, one at a time
     */
    public BacktestReport run(LongConsumer progress) {
        List<Trial> trials = ordered(trials(progress));
        if (choices.recalibrated() && !trials.isEmpty()) {
            trials = Recalibration.of(trials);
        }
        Scores scores = new Scores(choices);
        Map<String, Map<String, List<BacktestReport.FractionScore>>> bySource =
                scores.by(trials, trial -> trial.run().source());
        Set<List<String>> curves = new HashSet<>();
        for (Trial trial : trials) {
            if (trial.refused() == null) {
                curves.add(List.of(trial.run().study(), trial.run().name()));
            } else {
                skipped.add(trial.run(), trial.refused(), trial.fraction());
            }
        }
        return new BacktestReport(
                curves.size(),
                choices.historyText(),
                choices.truthText(),
                scores.overall(trials),
                scores.macro(bySource),
                bySource,
                scores.by(trials, Backtest::schedule),
                scores.calibration(trials),
                skipped.list());
    }

    private static String schedule(Trial trial) {
        PastRun run = trial.run();
        return ScheduleNames.of(
                run.manifest().schedule(), LrPlan.of(run.manifest().schedule(), run.plannedSteps()));
    }

    private Truth truth(PastRun run) {
        Truth told = choices.truth();
        return told != null ? told : run.evaluated() != null ? Truth.EVALUATED : Truth.LAST2PCT;
    }

    private List<PastRun> usable(List<PastRun> runs) {
        List<PastRun> usable = new ArrayList<>();
        for (PastRun run : runs) {
            int[] kept = run.lastAttempt();
            long last = kept.length == 0
                    ? 0
                    : run.losses().get(kept[kept.length - 1]).step();
            double finalLoss = run.truth(truth(run));
            if (kept.length < LEAST_OBSERVATIONS) {
                skipped.add(run, "it has fewer than three losses", null);
            } else if (!(finalLoss > 0 && Double.isFinite(finalLoss))) {
                skipped.add(run, "its final loss is not a number above zero", null);
            } else if (last < LEAST_PART * run.plannedSteps()) {
                skipped.add(run, "it ended before nine tenths of its plan", null);
            } else {
                usable.add(run);
            }
        }
        return usable;
    }

    /** The units, large ones divided so that no thread is left alone with one, the largest first. */
    private List<Unit> shared(List<Unit> whole) {
        long all = whole.stream().mapToLong(Unit::tested).sum();
        long most = Math.max(LEAST_TESTS, all / (2L * choices.threads()));
        List<Unit> shared = new ArrayList<>();
        for (Unit unit : whole) {
            shared.addAll(
                    choices.threads() == 1 ? List.of(unit) : unit.split((int) ((unit.tested() + most - 1) / most)));
        }
        shared.sort(Comparator.comparingLong(Unit::tested).reversed());
        return shared;
    }

    private List<Trial> trials(LongConsumer progress) {
        AtomicLong fed = new AtomicLong();
        Object lock = new Object();
        List<Callable<List<Trial>>> tasks = new ArrayList<>();
        for (Unit unit : units) {
            tasks.add(() -> new UnitReplay(choices, this::truth, () -> {
                        synchronized (lock) {
                            progress.accept(fed.incrementAndGet());
                        }
                    })
                    .live(unit));
        }
        return Workers.run(choices.threads(), tasks).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** In an order that does not depend on how the work was shared. */
    private static List<Trial> ordered(List<Trial> trials) {
        List<Trial> ordered = new ArrayList<>(trials);
        ordered.sort(Comparator.comparing((Trial trial) -> trial.run().study())
                .thenComparing(trial -> trial.run().name())
                .thenComparingDouble(Trial::fraction));
        return ordered;
    }
}
