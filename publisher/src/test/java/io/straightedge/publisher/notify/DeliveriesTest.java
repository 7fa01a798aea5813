package io.straightedge.publisher.notify;

import static io.straightedge.publisher.notify.Alerts.START;
import static io.straightedge.publisher.notify.Alerts.spike;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeliveriesTest {

    private static final Recipient CHAT = new Recipient("chat", false, false, false);
    private static final Recipient PAGER = new Recipient("pager", false, true, false);
    private static final Recipient MANAGER = new Recipient("manager", true, false, false);
    private static final Recipient LOG = new Recipient("log", false, false, true);
    private static final Duration HOUR = Duration.ofHours(1);

    private Deliveries deliveries = new Deliveries(new Routing(List.of()), HOUR);
    private final List<AlertCommand> records = new ArrayList<>();

    /** What a sink is told that takes all, second by second until then; each with the second at which it was. */
    private List<String> told(Recipient sink, int fromSecond, int toSecond) {
        List<String> told = new ArrayList<>();
        for (int second = fromSecond; second <= toSecond; second++) {
            Instant now = at(second);
            for (Telling telling : deliveries.due(sink, now, 100)) {
                told.add(second + " " + telling.state() + " " + telling.severity() + (telling.again() ? " again" : ""));
                AlertCommand record = deliveries.taken(telling, sink, now);
                if (record != null) {
                    records.add(record);
                }
            }
            deliveries.settle(List.of(CHAT, PAGER, MANAGER, LOG), now);
        }
        return told;
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private void is(Severity severity, State state, int changedSecond) {
        deliveries.alert(spike(severity, state, at(changedSecond)));
    }

    @Test
    void due_firingThenResolved_eachOnce() {
        is(Severity.WARNING, State.FIRING, 0);
        assertThat(told(CHAT, 0, 200)).containsExactly("0 FIRING WARNING");
        is(Severity.WARNING, State.RESOLVED, 200);
        assertThat(told(CHAT, 201, 900)).containsExactly("201 RESOLVED WARNING");
        assertThat(records).extracting(AlertCommand::state).containsExactly(State.FIRING, State.RESOLVED);
        assertThat(records).extracting(AlertCommand::key).containsOnly("told/chat/" + Alerts.ID);
    }

    @Test
    void due_severityRisen_isToldAgain_fallenIsNot() {
        is(Severity.WARNING, State.FIRING, 0);
        assertThat(told(CHAT, 0, 5)).hasSize(1);
        is(Severity.CRITICAL, State.FIRING, 6);
        assertThat(told(CHAT, 6, 10)).containsExactly("6 FIRING CRITICAL");
        is(Severity.WARNING, State.FIRING, 11);
        assertThat(told(CHAT, 11, 20)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // state, severity, seconds since it changed, what chat hears, what the log hears
        "PENDING,      CRITICAL, 0,    '',     ''",
        "FIRING,       INFO,     0,    '',     FIRING",
        "RESOLVED,     INFO,     0,    '',     RESOLVED",
        "RESOLVED,     INFO,     3601, '',     ''",
        "FIRING,       WARNING,  0,    FIRING, FIRING",
        "FIRING,       WARNING,  3600, FIRING, FIRING",
        "FIRING,       WARNING,  3601, '',     ''",
        "ACKNOWLEDGED, CRITICAL, 0,    '',     ''",
        "RESOLVED,     CRITICAL, 0,    '',     ''",
    })
    void due_firstTold_byStateSeverityAndAge(State state, Severity severity, int age, String chat, String log) {
        is(severity, state, -age);
        assertThat(deliveries.due(CHAT, START, 9))
                .extracting(telling -> "" + telling.state())
                .containsExactlyElementsOf(chat.isEmpty() ? List.of() : List.of(chat));
        assertThat(deliveries.due(LOG, START, 9))
                .extracting(telling -> "" + telling.state())
                .containsExactlyElementsOf(log.isEmpty() ? List.of() : List.of(log));
    }

    @Test
    void due_toldFiring_isToldResolvedHoweverOld() {
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        is(Severity.CRITICAL, State.RESOLVED, 10);
        assertThat(told(CHAT, 90_000, 90_001)).containsExactly("90000 RESOLVED CRITICAL");
    }

    @Test
    void settle_forgottenAlert_isForgottenWhenItsEndIsTold() {
        List<Recipient> sinks = List.of(CHAT, MANAGER);
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        assertThat(told(MANAGER, 0, 0)).hasSize(1);

        deliveries.forgotten(spike(Severity.CRITICAL, State.RESOLVED, at(10)));
        assertThat(deliveries.settle(sinks, at(10))).isEmpty();
        assertThat(told(CHAT, 11, 11)).containsExactly("11 RESOLVED CRITICAL");
        assertThat(deliveries.settle(sinks, at(11))).isEmpty();
        assertThat(told(MANAGER, 12, 200)).startsWith("12 RESOLVED CRITICAL", "72 RESOLVED CRITICAL again");
        assertThat(deliveries.holds(Alerts.ID)).isTrue();

        assertThat(deliveries.settle(sinks, at(500)))
                .containsExactlyInAnyOrder("told/chat/" + Alerts.ID, "told/manager/" + Alerts.ID);
        assertThat(deliveries.holds(Alerts.ID)).isFalse();
        is(Severity.CRITICAL, State.FIRING, 600);
        assertThat(told(CHAT, 600, 600)).hasSize(1);
    }

    @Test
    void settle_resolvedAlert_isStillRemembered() {
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        is(Severity.CRITICAL, State.RESOLVED, 10);
        assertThat(told(CHAT, 11, 900)).hasSize(1);

        assertThat(deliveries.settle(List.of(CHAT), at(1000))).isEmpty();
        assertThat(deliveries.holds(Alerts.ID)).isTrue();
    }

    @Test
    void due_withoutATime_hasNoAge() {
        deliveries.alert(spike(Severity.CRITICAL, State.FIRING, null));
        assertThat(told(CHAT, 0, 2)).containsExactly("0 FIRING CRITICAL");
    }

    @Test
    void due_sinkAwayForLongerThanTheAge_tellsThePresent() {
        deliveries.alert(spike("over", Severity.CRITICAL, State.FIRING, START));
        deliveries.alert(spike("stays", Severity.CRITICAL, State.FIRING, START));
        for (int second = 0; second < 7200; second += 60) {
            for (Telling telling : deliveries.due(CHAT, at(second), 9)) {
                deliveries.failed(telling, CHAT, at(second + 60));
            }
        }
        deliveries.alert(spike("over", Severity.CRITICAL, State.RESOLVED, at(7200)));
        assertThat(deliveries.due(CHAT, at(7300), 9))
                .singleElement()
                .satisfies(telling -> assertThat(telling.alert().run()).isEqualTo("stays"));
    }

    @Test
    void due_onItsWay_isNotGivenTwice() {
        is(Severity.CRITICAL, State.FIRING, 0);
        Telling first = deliveries.due(CHAT, START, 9).get(0);
        is(Severity.CRITICAL, State.RESOLVED, 1);
        assertThat(deliveries.due(CHAT, at(1), 9)).isEmpty();
        assertThat(deliveries.pending(CHAT, at(1))).isEqualTo(1);
        deliveries.taken(first, CHAT, at(2));
        assertThat(told(CHAT, 3, 9)).containsExactly("3 RESOLVED CRITICAL");
        assertThat(deliveries.pending(CHAT, at(9))).isZero();
    }

    @Test
    void due_failed_waitsAndLetsOthersPass() {
        deliveries.alert(spike("bad", Severity.CRITICAL, State.FIRING, START));
        Telling bad = deliveries.due(CHAT, START, 1).get(0);
        deliveries.failed(bad, CHAT, at(5));
        deliveries.alert(spike("good", Severity.CRITICAL, State.FIRING, at(1)));
        assertThat(deliveries.due(CHAT, at(4), 9))
                .extracting(telling -> telling.alert().run())
                .containsExactly("good");
        deliveries.alert(spike("late", Severity.CRITICAL, State.FIRING, at(6)));
        assertThat(deliveries.due(CHAT, at(6), 9))
                .extracting(telling -> telling.alert().run())
                .containsExactly("late", "bad");
    }

    @Test
    void due_refused_isNotOfferedUntilItChanges() {
        is(Severity.WARNING, State.FIRING, 0);
        deliveries.refused(deliveries.due(CHAT, START, 1).get(0), CHAT, false, START);
        assertThat(told(CHAT, 1, 300)).isEmpty();
        is(Severity.CRITICAL, State.FIRING, 301);
        assertThat(told(CHAT, 301, 400)).containsExactly("301 FIRING CRITICAL");
    }

    @Test
    void due_refusedTogether_eachIsOfferedAlone() {
        deliveries.alert(spike("a", Severity.WARNING, State.FIRING, START));
        deliveries.alert(spike("b", Severity.WARNING, State.FIRING, START));
        List<Telling> both = deliveries.due(MANAGER, START, 9);
        assertThat(both).hasSize(2);
        both.forEach(telling -> deliveries.refused(telling, MANAGER, true, START));
        assertThat(deliveries.due(MANAGER, START, 9)).hasSize(1);
        assertThat(deliveries.due(MANAGER, START, 9)).hasSize(1);
        assertThat(deliveries.due(MANAGER, START, 9)).isEmpty();
    }

    @Test
    void due_acknowledged_isToldWhoKnowsTheNotion() {
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(PAGER, 0, 0)).hasSize(1);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        is(Severity.CRITICAL, State.ACKNOWLEDGED, 5);
        assertThat(told(PAGER, 5, 20)).containsExactly("5 ACKNOWLEDGED CRITICAL");
        assertThat(told(CHAT, 5, 20)).isEmpty();
        is(Severity.CRITICAL, State.RESOLVED, 21);
        assertThat(told(PAGER, 21, 30)).containsExactly("21 RESOLVED CRITICAL");
        assertThat(told(CHAT, 21, 30)).containsExactly("21 RESOLVED CRITICAL");
    }

    @Test
    void due_sinkThatForgets_hearsItEveryMinute_andItsEndForFive() {
        is(Severity.WARNING, State.FIRING, 0);
        assertThat(told(MANAGER, 0, 130))
                .containsExactly("0 FIRING WARNING", "60 FIRING WARNING again", "120 FIRING WARNING again");
        is(Severity.WARNING, State.RESOLVED, 130);
        assertThat(told(MANAGER, 131, 4000))
                .containsExactly(
                        "131 RESOLVED WARNING",
                        "191 RESOLVED WARNING again",
                        "251 RESOLVED WARNING again",
                        "311 RESOLVED WARNING again",
                        "371 RESOLVED WARNING again");
        assertThat(records).extracting(AlertCommand::state).containsExactly(State.FIRING, State.RESOLVED);
    }

    @Test
    void due_restoredFromRecords_tellsNothingTwice_andGoesOnSaying() {
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        assertThat(told(MANAGER, 0, 0)).hasSize(1);
        deliveries = new Deliveries(new Routing(List.of()), HOUR);
        records.forEach(deliveries::command);
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 10, 100)).isEmpty();
        assertThat(told(MANAGER, 10, 70)).containsExactly("10 FIRING CRITICAL again", "70 FIRING CRITICAL again");
        is(Severity.CRITICAL, State.RESOLVED, 101);
        assertThat(told(CHAT, 101, 200)).containsExactly("101 RESOLVED CRITICAL");
    }

    @Test
    void command_ownRecordComingBackLate_changesNothing() {
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        is(Severity.CRITICAL, State.RESOLVED, 1);
        assertThat(told(CHAT, 1, 1)).hasSize(1);
        deliveries.command(records.get(0));
        assertThat(told(CHAT, 2, 100)).isEmpty();
    }

    @Test
    void due_resolvedAndBack_isToldAgain() {
        is(Severity.CRITICAL, State.FIRING, 0);
        is(Severity.CRITICAL, State.RESOLVED, 1);
        assertThat(told(CHAT, 1, 5)).isEmpty();
        is(Severity.CRITICAL, State.FIRING, 6);
        assertThat(told(CHAT, 6, 6)).hasSize(1);
        is(Severity.CRITICAL, State.RESOLVED, 7);
        assertThat(told(CHAT, 7, 1000)).hasSize(1);
        is(Severity.CRITICAL, State.FIRING, 1001);
        assertThat(told(CHAT, 1001, 1100)).containsExactly("1001 FIRING CRITICAL");
    }

    @Test
    void due_silenced_isToldWhenTheSilenceEnds_ifItStillFires() {
        deliveries.command(silence("disks", Map.of("run", "190*"), at(7200), START));
        is(Severity.CRITICAL, State.FIRING, 0);
        deliveries.alert(spike("370M", Severity.CRITICAL, State.FIRING, START));
        assertThat(deliveries.due(CHAT, START, 9))
                .extracting(telling -> telling.alert().run())
                .containsExactly("370M");
        assertThat(told(CHAT, 1, 7199)).isEmpty();
        assertThat(told(CHAT, 7200, 7300)).containsExactly("7200 FIRING CRITICAL");
    }

    @Test
    void due_silenceTakenBack_isTold() {
        deliveries.command(silence("disks", Map.of("team", "b"), at(7200), START));
        is(Severity.CRITICAL, State.FIRING, 0);
        assertThat(told(CHAT, 0, 10)).isEmpty();
        deliveries.command(silence("disks", Map.of("team", "b"), null, at(5000)));
        assertThat(told(CHAT, 5001, 5010)).containsExactly("5001 FIRING CRITICAL");
    }

    @Test
    void due_silencedAfterItWasTold_isToldResolved_andGoesOnForThoseWhoForget() {
        is(Severity.WARNING, State.FIRING, 0);
        assertThat(told(CHAT, 0, 0)).hasSize(1);
        assertThat(told(MANAGER, 0, 0)).hasSize(1);
        deliveries.alert(Alerts.silenced(spike(Severity.CRITICAL, State.FIRING, at(1)), at(600)));
        assertThat(told(CHAT, 1, 100)).isEmpty();
        assertThat(told(MANAGER, 1, 100)).containsExactly("60 FIRING WARNING again");
        deliveries.alert(Alerts.silenced(spike(Severity.CRITICAL, State.RESOLVED, at(101)), at(600)));
        assertThat(told(CHAT, 101, 200)).containsExactly("101 RESOLVED WARNING");
        assertThat(told(MANAGER, 101, 101)).containsExactly("101 RESOLVED WARNING");
    }

    @ParameterizedTest
    @CsvSource({
        "team,  b,      WARNING,  true",
        "team,  a,      WARNING,  false",
        "run,   19*,    WARNING,  true",
        "run,   19,     WARNING,  false",
        "owner, ada,    WARNING,  true",
        "rule,  spike,  CRITICAL, false",
        "study, *,      INFO,     true",
        "split, train,  WARNING,  true",
        "none,  *,      WARNING,  false",
    })
    void due_byRoutes_onlyWhereOneMatches(String label, String pattern, Severity least, boolean told) {
        Route route = new Route(Map.of(label, pattern), least, List.of("chat"));
        deliveries = new Deliveries(new Routing(List.of(route)), HOUR);
        is(Severity.WARNING, State.FIRING, 0);
        assertThat(deliveries.due(CHAT, START, 9)).hasSize(told ? 1 : 0);
        assertThat(deliveries.due(PAGER, START, 9)).isEmpty();
    }

    @Test
    void self_alwaysFires_forThoseWhoForget_andFitterLagForAll() {
        SelfAlerts self = new SelfAlerts(START);
        self.at(START, -1, true).forEach(deliveries::alert);
        assertThat(told(CHAT, 0, 0)).isEmpty();
        assertThat(told(MANAGER, 0, 60)).containsExactly("0 FIRING INFO", "60 FIRING INFO again");
        assertThat(self.at(at(61), 120, false)).isEmpty();
        self.at(at(62), 121, false).forEach(deliveries::alert);
        assertThat(self.at(at(63), 500, false)).isEmpty();
        assertThat(told(CHAT, 63, 63)).containsExactly("63 FIRING CRITICAL");
        assertThat(self.at(at(64), -1, false)).isEmpty();
        List<Alert> back = self.at(at(65), 3, false);
        back.forEach(deliveries::alert);
        assertThat(told(CHAT, 65, 65)).containsExactly("65 RESOLVED CRITICAL");
    }

    private static AlertCommand silence(
            String name, Map<String, String> matchers, @Nullable Instant until, Instant time) {
        return new AlertCommand(
                "silence/" + name,
                "ladder",
                AlertCommand.Action.SILENCE,
                null,
                "ada",
                null,
                time,
                matchers,
                until,
                null);
    }
}
