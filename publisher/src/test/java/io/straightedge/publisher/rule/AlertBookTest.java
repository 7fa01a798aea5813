package io.straightedge.publisher.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Deviation.Outlook;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertBookTest {

    private final AlertBook book = new AlertBook(RuleBook.DEFAULT);

    @Test
    void apply_findingThatGrows_isPendingThenFiresThenIsResolved() {
        Alert pending = only(book.apply(drift().observations(2L).oncePer(1e4).deviation()));
        Alert warning = only(book.apply(
                drift().goesOn().step(1010).oncePer(1e6).time(at(120)).deviation()));
        Alert page = only(book.apply(
                drift().goesOn().step(1020).oncePer(1e8).time(at(240)).deviation()));
        Alert over = only(book.apply(drift().ended("The loss is back on its forecast.")
                .step(1100)
                .time(at(900))
                .deviation()));

        assertThat(List.of(pending, warning, page, over))
                .extracting(Alert::state, Alert::severity, Alert::changed, Alert::step)
                .containsExactly(
                        row(State.PENDING, Severity.WARNING, at(60), 1004L),
                        row(State.FIRING, Severity.WARNING, at(120), 1010L),
                        row(State.FIRING, Severity.CRITICAL, at(120), 1020L),
                        row(State.RESOLVED, Severity.CRITICAL, at(900), 1100L));
        assertThat(List.of(pending, warning, page, over)).extracting(Alert::id).containsOnly("ladder/a/0/drift/1000");
        assertThat(over.reason()).isEqualTo("The loss is back on its forecast.");
        assertThat(page.since()).isEqualTo(Found.NOON);
        assertThat(page.owner()).isEqualTo("ada");
        assertThat(page.labels()).isEqualTo(Map.of("team", "x"));
        assertThat(page.summary()).isEqualTo("The loss is above its forecast.");
    }

    @Test
    void apply_findingLessRareWhileFiring_keepsItsSeverity() {
        book.apply(drift().deviation());

        Alert later = only(book.apply(drift().goesOn().step(1010).oncePer(1.0).deviation()));

        assertThat(later.state()).isEqualTo(State.FIRING);
        assertThat(later.severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void apply_goneBeforeItWasTold_saysSo() {
        book.apply(drift().oncePer(1e4).deviation());

        Alert over = only(book.apply(drift().ended("It was nothing.").deviation()));

        assertThat(over.state()).isEqualTo(State.RESOLVED);
        assertThat(over.labels()).containsEntry("straightedge_untold", "true").containsEntry("team", "x");
    }

    @Test
    void apply_information_isResolvedAtOnce() {
        Alert restart =
                only(book.apply(Found.by(Detector.RESTART).size(Double.NaN).deviation()));

        assertThat(restart.state()).isEqualTo(State.RESOLVED);
        assertThat(restart.severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void apply_allAgain_changesNothing() {
        List<Deviation> history = List.of(
                drift().oncePer(1e4).deviation(),
                drift().goesOn().step(1010).deviation(),
                drift().ended("back").step(1100).deviation(),
                drift().onset(2000).deviation(),
                drift().onset(2000).goesOn().step(2010).oncePer(1e12).deviation(),
                Found.by(Detector.RESTART).attempt(1).onset(1900).deviation(),
                Found.by(Detector.SPIKE).run("b").deviation());
        history.forEach(book::apply);
        List<Alert> known = List.copyOf(book.alerts());
        AlertBook restored = new AlertBook(RuleBook.DEFAULT);
        known.forEach(restored::restore);

        assertThat(history.stream().flatMap(deviation -> restored.apply(deviation).stream()))
                .isEmpty();
        assertThat(restored.alerts()).containsExactlyElementsOf(known);
    }

    @Test
    void apply_onsetElsewhereOnReplay_isTheSameAlert() {
        Alert first = only(book.apply(drift().onset(1000).step(1040).deviation()));
        assertThat(book.apply(drift().onset(993).step(1030).deviation())).isEmpty();
        Alert later = only(book.apply(drift().onset(1007).goesOn().step(1050).deviation()));
        book.apply(drift().onset(1007).ended("back").step(1100).deviation());

        assertThat(later.id()).isEqualTo(first.id());
        assertThat(book.apply(drift().onset(1020).step(1035).deviation())).isEmpty();
        assertThat(book.apply(drift().onset(1020).goesOn().step(1200).deviation()))
                .isEmpty();
        assertThat(only(book.apply(drift().onset(1090).step(1140).deviation())).id())
                .isEqualTo("ladder/a/0/drift/1090");
    }

    @Test
    void apply_otherRunAttemptRuleOrSplit_isAnotherAlert() {
        List<Deviation> others = List.of(
                drift().deviation(),
                drift().run("a/0").deviation(),
                drift().run("a%2F0").deviation(),
                drift().attempt(1).deviation(),
                Found.by(Detector.SPIKE).deviation(),
                drift().split("val").deviation());

        others.forEach(book::apply);

        assertThat(book.alerts())
                .extracting(Alert::id)
                .containsExactlyInAnyOrder(
                        "ladder/a/0/drift/1000",
                        "ladder/a%2F0/0/drift/1000",
                        "ladder/a%252F0/0/drift/1000",
                        "ladder/a/1/drift/1000",
                        "ladder/a/0/spike/1000",
                        "ladder/a/0/drift/1000/val");
    }

    @Test
    void apply_endOfWhatWasNeverSeen_isNothing() {
        assertThat(book.apply(drift().ended("back").deviation())).isEmpty();
        assertThat(book.empty()).isTrue();
    }

    @Test
    void apply_ruleSwitchedOff_isNothing() {
        Map<Detector, RuleSettings> rules = new EnumMap<>(Detector.class);
        rules.put(Detector.DRIFT, new RuleSettings(false, Severity.CRITICAL, 1, 0, 0, 0.05, 0.02));
        RuleBook off =
                new RuleBook(1000, 10, rules, FleetSettings.DEFAULT, RuleBook.DEFAULT.maxAge(), List.of(), List.of());

        assertThat(new AlertBook(off).apply(drift().deviation())).isEmpty();
    }

    @Test
    void apply_runThatEnds_resolvesItsAlerts() {
        book.apply(drift().deviation());
        book.apply(drift().run("b").deviation());

        Alert over = only(book.apply(Sample.curve("ladder", "a", 1e8, 2e9, 1)));

        assertThat(over.state()).isEqualTo(State.RESOLVED);
        assertThat(over.reason()).isEqualTo("the run has ended");
        assertThat(over.severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void apply_endOfRunAndItsLastFindings_inAnyOrder_endTheSame() {
        CurveEstimate end = Sample.curve("ladder", "a", 1e8, 2e9, 1);
        Deviation found = drift().deviation();
        Deviation ended =
                drift().ended("The run has ended, as planned.").step(1100).deviation();
        List<Alert> latest = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            AlertBook fresh = new AlertBook(RuleBook.DEFAULT);
            List<Deviation> deviations = List.of(found, ended);
            for (int i = 0; i < 3; i++) {
                if (i == place) {
                    fresh.apply(end);
                }
                if (i < 2) {
                    fresh.apply(deviations.get(i));
                }
            }
            latest.addAll(fresh.alerts());
        }

        assertThat(latest).hasSize(3).containsOnly(latest.get(0));
        assertThat(latest.get(0).reason()).isEqualTo("The run has ended, as planned.");
    }

    @Test
    void apply_outlook_countsTheCostByTheStudysLaw() {
        book.apply(Sample.law("ladder", 1, Sample.points(0, 1e8, 1e9), List.of()));
        double before = Sample.LAW.optimum(1e21).loss();
        double after = Sample.LAW.optimum(9e20).loss();
        Found small = drift().size(0.01).outlook(new Outlook(before, after, 1e9, 2e10, 1e21));

        Alert page = only(book.apply(small.deviation()));

        assertThat(page.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(Objects.requireNonNull(page.cost()).share()).isBetween(0.0999, 0.1001);
        book.forgetLaw("chinchilla");
        assertThat(only(book.apply(small.run("b").deviation())).severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void apply_acknowledgement_holdsUntilItIsResolved() {
        book.apply(drift().oncePer(1e6).deviation());

        Alert taken = only(book.apply(acknowledge("ladder/a/0/drift/1000")));
        Alert worse = only(book.apply(drift().goesOn().step(1010).oncePer(1e9).deviation()));

        assertThat(taken.state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(taken.acknowledgedBy()).isEqualTo("grace");
        assertThat(taken.changed()).isEqualTo(at(500));
        assertThat(worse.state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(worse.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(book.apply(acknowledge("ladder/a/0/drift/1000"))).isEmpty();
        book.apply(drift().ended("back").step(1100).deviation());
        assertThat(book.apply(acknowledge("ladder/a/0/drift/1000"))).isEmpty();
        assertThat(book.apply(acknowledge("ladder/b/0/drift/1000"))).isEmpty();
    }

    @Test
    void apply_silence_isStampedOnWhatMatchesNowAndLater() {
        book.apply(drift().deviation());
        book.apply(Found.by(Detector.SPIKE).run("b").deviation());

        Alert quiet = only(book.apply(silence("s1", Map.of("run", "a*", "team", "x"), at(3600))));
        Alert later = only(book.apply(drift().run("ab").deviation()));
        Alert longer = only(book.apply(silence("s2", Map.of("run", "ab", "severity", "critical"), at(7200))));
        List<Alert> loud = book.apply(silence("s1", Map.of("run", "a*"), null));

        assertThat(quiet.run()).isEqualTo("a");
        assertThat(quiet.silencedUntil()).isEqualTo(at(3600));
        assertThat(later.silencedUntil()).isEqualTo(at(3600));
        assertThat(longer.run()).isEqualTo("ab");
        assertThat(longer.silencedUntil()).isEqualTo(at(7200));
        assertThat(only(loud).run()).isEqualTo("a");
        assertThat(only(loud).silencedUntil()).isNull();
        assertThat(only(book.withdraw("silence/s2")).silencedUntil()).isNull();
        assertThat(book.apply(silence("s3", Map.of("nothing", "*"), at(3600)))).isEmpty();
    }

    @Test
    void forget_lastSplitOfARun_takesItsAlertsAlong() {
        book.apply(Sample.curve("ladder", "a", 1e8, 2e9, 0.5));
        book.apply(drift().deviation());
        book.apply(drift().run("b").deviation());

        assertThat(book.forget("a", "val")).isEmpty();
        assertThat(book.forget("a", "train"))
                .extracting(Alert::id, Alert::state)
                .containsExactly(row("ladder/a/0/drift/1000", State.RESOLVED));
        assertThat(book.alerts()).extracting(Alert::run).containsExactly("b");
    }

    @Test
    void runDays_observationsAtTheirPace_addUp() {
        CurveEstimate curve = Sample.curve("ladder", "a", 1e8, 2e9, 0.5);
        double observations =
                curve.curve().stream().mapToDouble(point -> point.count()).sum();
        book.apply(curve);
        assertThat(book.runDays()).isEqualTo(observations / 17_280);

        book.apply(drift().perDay(100.0).deviation());
        assertThat(book.runDays()).isEqualTo(observations / 100);
    }

    private static Found drift() {
        return Found.by(Detector.DRIFT);
    }

    private static Instant at(long seconds) {
        return Found.NOON.plusSeconds(seconds);
    }

    private static AlertCommand acknowledge(String alert) {
        return new AlertCommand(
                "ack/" + alert,
                "ladder",
                AlertCommand.Action.ACKNOWLEDGE,
                alert,
                "grace",
                null,
                at(500),
                Map.of(),
                null,
                null);
    }

    private static AlertCommand silence(String name, Map<String, String> matchers, @Nullable Instant until) {
        return new AlertCommand(
                "silence/" + name,
                "ladder",
                AlertCommand.Action.SILENCE,
                null,
                "grace",
                null,
                at(0),
                matchers,
                until,
                null);
    }

    private static Tuple row(Object... values) {
        return Tuple.tuple(values);
    }

    private static Alert only(List<Alert> alerts) {
        assertThat(alerts).hasSize(1);
        return alerts.get(0);
    }
}
