package io.straightedge.deploy.backtest.alarm;

import io.straightedge.deploy.backtest.alarm.AlarmReport.Baseline;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Counts;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Fired;
import io.straightedge.deploy.backtest.alarm.AlarmReport.Injected;
import io.straightedge.deploy.backtest.alarm.StudyWatch.Watched;
import io.straightedge.protocol.signal.Alert.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts what was seen of all studies. */
record Summary(List<Watched> watched, LabelScore labels) {

    private static final double THOUSAND = 1000;

    AlarmReport report(@Nullable List<Injected> injected, Map<String, Integer> untested) {
        List<Alarm> alarms = all(watched, Watched::alarms);
        List<Alarm> deviations = all(watched, Watched::deviations);
        List<Fired> pages = fired(alarms, Severity.CRITICAL);
        int told = (int) alarms.stream().filter(alarm -> !alarm.again()).count();
        return new AlarmReport(
                watched.stream().mapToInt(Watched::runs).sum(),
                observations(),
                runDays(),
                pages,
                fired(alarms, Severity.WARNING),
                fired(all(watched, Watched::informed), Severity.INFO),
                perThousandSteps(told),
                perThousandRunDays(told),
                perThousandRunDays(pages.size()),
                labels.score(alarms, deviations, all(watched, Watched::notices)),
                byDetector(alarms, deviations),
                baselines(),
                injected,
                untested);
    }

    private static List<Alarm> all(List<Watched> watched, Function<Watched, List<Alarm>> which) {
        return watched.stream().flatMap(study -> which.apply(study).stream()).toList();
    }

    private static List<Fired> fired(List<Alarm> alarms, Severity severity) {
        return alarms.stream()
                .filter(alarm -> alarm.severity() == severity)
                .map(alarm -> new Fired(
                        alarm.study(),
                        alarm.fleet() ? "" : alarm.runs().get(0),
                        alarm.rule(),
                        alarm.onsetStep(),
                        alarm.foundStep(),
                        alarm.sizeNats(),
                        severity.name().toLowerCase(Locale.ROOT),
                        alarm.runs().size() > 1 ? (Integer) alarm.runs().size() : null))
                .toList();
    }

    private static Map<String, Counts> byDetector(List<Alarm> alarms, List<Alarm> deviations) {
        Map<String, Counts> counts = new TreeMap<>();
        Stream.concat(alarms.stream(), deviations.stream())
                .map(Alarm::rule)
                .distinct()
                .forEach(rule -> counts.put(
                        rule,
                        new Counts(
                                number(deviations, rule, Severity.INFO),
                                number(alarms, rule, Severity.WARNING),
                                number(alarms, rule, Severity.CRITICAL))));
        return counts;
    }

    private static int number(List<Alarm> alarms, String rule, Severity severity) {
        return (int) alarms.stream()
                .filter(alarm -> alarm.rule().equals(rule) && alarm.severity() == severity)
                .count();
    }

    private Map<String, Baseline> baselines() {
        Map<String, Baseline> baselines = new LinkedHashMap<>();
        for (String rule : PracticeRule.all().keySet()) {
            List<Alarm> alarms = all(watched, study -> study.practice().getOrDefault(rule, List.of()));
            baselines.put(
                    rule,
                    new Baseline(
                            observations(),
                            runDays(),
                            fired(alarms, Severity.CRITICAL),
                            List.of(),
                            perThousandSteps(alarms.size()),
                            perThousandRunDays(alarms.size()),
                            labels.score(alarms, null, List.of())));
        }
        return baselines;
    }

    private long observations() {
        return watched.stream().mapToLong(Watched::observations).sum();
    }

    private double runDays() {
        return watched.stream().mapToDouble(Watched::days).sum();
    }

    private double perThousandSteps(int alarms) {
        return alarms == 0 ? 0 : THOUSAND * alarms / observations();
    }

    private double perThousandRunDays(int alarms) {
        return alarms == 0 ? 0 : THOUSAND * alarms / runDays();
    }
}
