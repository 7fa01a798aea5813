package io.straightedge.deploy.backtest.alarm;

import io.straightedge.deploy.backtest.alarm.AlarmReport.Finds;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Labels;
import io.straightedge.ingest.history.KnownAnomaly;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares alarms with what is known to have happened. */
final class LabelScore {

    /** An anomaly and the run that had it. */
    private record Place(KnownAnomaly anomaly, LoggedRun run) {

        private boolean isRestart() {
            return anomaly.kind().equals(KnownAnomaly.RESTART);
        }

        boolean holds(Alarm alarm) {
            return holds(alarm.onsetStep()) || (!isRestart() && holds(alarm.foundStep()));
        }

        private boolean holds(long step) {
            long end = isRestart() ? anomaly.stepBegin() : anomaly.stepEnd();
            return step >= anomaly.stepBegin() - run.cadence().intervalSteps()
                    && step <= end + run.cadence().intervalSteps();
        }

        /** Observations from the anomaly's first to {@code index}, both counted. */
        int delay(int index) {
            for (int i = 0; i < index; i++) {
                boolean back = i > 0 && run.step(i) < run.step(i - 1);
                boolean inside = run.step(i) >= anomaly.stepBegin() && run.step(i) <= anomaly.stepEnd();
                if (inside && (back || !isRestart())) {
                    return index - i + 1;
                }
            }
            return 1;
        }
    }

    private final List<Place> troubles = new ArrayList<>();
    private final List<Place> restarts = new ArrayList<>();
    private int withoutRun;

    LabelScore(List<KnownAnomaly> known, List<LoggedRun> runs) {
        Map<String, List<LoggedRun>> byName = new HashMap<>();
        for (LoggedRun run : runs) {
            byName.computeIfAbsent(run.called(), unseen -> new ArrayList<>()).add(run);
        }
        for (KnownAnomaly anomaly : known) {
            List<LoggedRun> own = byName.getOrDefault(anomaly.run(), List.of()).stream()
                    .filter(run -> anomaly.isOf(run.past()))
                    .toList();
            withoutRun += own.isEmpty() ? 1 : 0;
            for (LoggedRun run : own) {
                Place place = new Place(anomaly, run);
                (place.isRestart() ? restarts : troubles).add(place);
            }
        }
    }

    /**
     * The score of a rule.
     *
     * @param deviations its findings, told or not; null where it has none
     * @param notices what it said for information
     */
    Labels score(List<Alarm> alarms, @Nullable List<Alarm> deviations, List<Alarm> notices) {
        Map<List<String>, List<Alarm>> byRun = byRun(alarms);
        Finds told = finds(troubles, byRun);
        int other = 0;
        for (Alarm alarm : alarms) {
            other +=
                    !alarm.again() && troubles.stream().noneMatch(place -> isOf(alarm, place.run) && place.holds(alarm))
                            ? 1
                            : 0;
        }
        return new Labels(
                told.found(),
                told.missed(),
                told.medianDelay(),
                other,
                deviations == null ? null : finds(troubles, byRun(deviations)),
                deviations == null || restarts.isEmpty() ? null : finds(restarts, byRun(notices)),
                withoutRun);
    }

    private static boolean isOf(Alarm alarm, LoggedRun run) {
        return alarm.study().equals(run.past().study()) && alarm.runs().contains(run.name());
    }

    private static Map<List<String>, List<Alarm>> byRun(List<Alarm> alarms) {
        Map<List<String>, List<Alarm>> byRun = new HashMap<>();
        for (Alarm alarm : alarms) {
            for (String run : alarm.runs()) {
                byRun.computeIfAbsent(List.of(alarm.study(), run), unseen -> new ArrayList<>())
                        .add(alarm);
            }
        }
        return byRun;
    }

    private static Finds finds(List<Place> places, Map<List<String>, List<Alarm>> byRun) {
        double[] delays = places.stream()
                .mapToDouble(place ->
                        byRun.getOrDefault(List.of(place.run.past().study(), place.run.name()), List.of()).stream()
                                .filter(place::holds)
                                .mapToDouble(alarm -> place.delay(alarm.index()))
                                .min()
                                .orElse(Double.POSITIVE_INFINITY))
                .filter(Double::isFinite)
                .toArray();
        return new Finds(delays.length, places.size() - delays.length, median(delays));
    }

    /** The middle one, the mean of two; null where there is none or it is infinite. */
    static @Nullable Double median(double[] values) {
        if (values.length == 0) {
            return null;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return Double.isFinite(median) ? median : null;
    }
}
