package io.straightedge.publisher.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.notify.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One divergence, several findings: who is told of which. */
class OneEventTest {

    private final AlertBook book = new AlertBook(RuleBook.DEFAULT);

    @Test
    void apply_secondFindingWhileOneFires_isSpokenFor() {
        book.apply(divergence().deviation());

        Alert drift = last(book, found(Detector.DRIFT, 1020));
        Alert plateau = last(book, found(Detector.PLATEAU, 900).step(1500));

        assertThat(List.of(drift, plateau)).allSatisfy(alert -> {
            assertThat(alert.state()).isEqualTo(State.PENDING);
            assertThat(alert.labels())
                    .containsEntry("straightedge_part_of", "ladder/a/0/divergence/1000")
                    .containsEntry("team", "x");
        });
        Alert back = last(book, found(Detector.DRIFT, 1020).ended("back").step(1600));
        assertThat(back.state()).isEqualTo(State.RESOLVED);
        assertThat(back.labels()).doesNotContainKey("straightedge_untold").containsKey("straightedge_part_of");
        assertThat(told()).containsExactly("divergence FIRING");
    }

    @Test
    void apply_otherSideSplitAttemptOrRun_isToldForItself() {
        book.apply(divergence().deviation());

        assertThat(List.of(
                        last(book, found(Detector.TOO_GOOD, 1020).size(-0.2).observations(30L)),
                        last(book, found(Detector.DRIFT, 1020).split("validation")),
                        last(book, found(Detector.DRIFT, 1020).attempt(1)),
                        last(book, found(Detector.DRIFT, 1020).run("b")),
                        last(book, found(Detector.GRADIENT, 1020)),
                        last(book, found(Detector.NON_FINITE, 1020).size(Double.NaN))))
                .extracting(Alert::state)
                .containsOnly(State.FIRING);
    }

    @Test
    void apply_worse_isToldForItself() {
        book.apply(found(Detector.SPIKE, 1000).observations(2L).deviation());
        Alert divergence = last(book, divergence().step(1050));
        assertThat(divergence.state()).isEqualTo(State.FIRING);

        assertThat(last(book, found(Detector.DRIFT, 2000).size(0.39)).state()).isEqualTo(State.PENDING);
        assertThat(last(book, found(Detector.PLATEAU, 2000).size(0.41)).state()).isEqualTo(State.FIRING);
    }

    @Test
    void apply_turned_isOneAlertUntilTheEventIsOver() {
        book.apply(found(Detector.SPIKE, 1000).deviation());
        book.apply(divergence().step(1050).deviation());
        Alert spike = last(
                book,
                found(Detector.SPIKE, 1000).ended("it has become a divergence").step(1050));
        assertThat(spike.state()).isEqualTo(State.FIRING);
        assertThat(spike.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(told()).containsExactly("spike FIRING");

        List<Alert> over = book.apply(divergence()
                .ended("the loss came back")
                .step(1400)
                .time(at(900))
                .deviation());

        assertThat(over)
                .extracting(Alert::rule, Alert::state, Alert::reason, Alert::changed)
                .containsExactlyInAnyOrder(
                        tuple("divergence", State.RESOLVED, "the loss came back", at(900)),
                        tuple("spike", State.RESOLVED, "the loss came back", at(900)));
        assertThat(told()).containsExactly("spike RESOLVED");
    }

    @Test
    void apply_lesserFindingOutlivesItsSpeaker_isToldWhenItIsSeenAgain() {
        book.apply(divergence().deviation());
        book.apply(found(Detector.DRIFT, 1020).oncePer(1e5).deviation());
        book.apply(divergence().ended("the loss came back").step(1200).deviation());
        assertThat(told()).containsExactly("divergence RESOLVED");

        Alert drift =
                last(book, found(Detector.DRIFT, 1020).goesOn().oncePer(1e6).step(1220));

        assertThat(drift.state()).isEqualTo(State.FIRING);
        assertThat(drift.severity()).isEqualTo(Severity.WARNING);
        assertThat(drift.labels()).doesNotContainKey("straightedge_part_of");
    }

    @Test
    void apply_speakerIsSilenced_speaksForNobody() {
        book.apply(divergence().deviation());
        book.apply(new AlertCommand(
                "silence/ladder/s",
                "ladder",
                AlertCommand.Action.SILENCE,
                null,
                "ada",
                null,
                Found.NOON,
                Map.of("rule", "divergence"),
                at(3600),
                null));

        assertThat(last(book, found(Detector.DRIFT, 1020).time(at(3600))).state())
                .isEqualTo(State.PENDING);
        assertThat(last(book, found(Detector.PLATEAU, 1020).time(at(120))).state())
                .isEqualTo(State.FIRING);
    }

    @Test
    void apply_ledToOtherSinks_isToldForItself() {
        RuleBook usual = RuleBook.DEFAULT;
        AlertBook routed = new AlertBook(new RuleBook(
                usual.runDaysPerPage(),
                usual.runDaysPerWarning(),
                usual.rules(),
                usual.fleet(),
                usual.maxAge(),
                List.of(new Route(Map.of("rule", "drift"), Severity.WARNING, List.of("log"))),
                usual.sinks()));
        routed.apply(divergence().deviation());

        assertThat(last(routed, found(Detector.DRIFT, 1020)).state()).isEqualTo(State.FIRING);
        assertThat(last(routed, found(Detector.PLATEAU, 1020)).state()).isEqualTo(State.PENDING);
    }

    @Test
    void restore_anywhere_goesOnAsTheLostOneWouldHave_andReadAgainChangesNothing() {
        List<Deviation> history = List.of(
                found(Detector.SPIKE, 1000).deviation(),
                found(Detector.DRIFT, 1010).oncePer(1e5).deviation(),
                divergence().step(1050).deviation(),
                found(Detector.SPIKE, 1000).ended("turned").step(1050).deviation(),
                found(Detector.DRIFT, 1010).goesOn().step(1060).deviation(),
                found(Detector.PLATEAU, 1000).step(1300).deviation(),
                divergence().ended("back").step(1400).deviation(),
                found(Detector.DRIFT, 1010).ended("back").step(1500).deviation(),
                found(Detector.PLATEAU, 1000).ended("back").step(1800).deviation(),
                found(Detector.DRIFT, 3000).deviation());
        history.forEach(book::apply);
        long seed = 7;
        System.out.println("OneEventTest seed " + seed);
        Random random = new Random(seed);
        for (int trial = 0; trial < 50; trial++) {
            int cut = random.nextInt(history.size() + 1);
            int from = random.nextInt(cut + 1);
            AlertBook first = new AlertBook(RuleBook.DEFAULT);
            history.subList(0, cut).forEach(first::apply);
            AlertBook second = new AlertBook(RuleBook.DEFAULT);
            first.alerts().forEach(second::restore);
            history.subList(from, cut)
                    .forEach(deviation -> assertThat(second.apply(deviation))
                            .as("cut %d", cut)
                            .isEmpty());
            history.subList(cut, history.size()).forEach(second::apply);
            assertThat(second.alerts()).as("cut %d", cut).containsExactlyElementsOf(book.alerts());
        }
    }

    private static Found divergence() {
        return found(Detector.DIVERGENCE, 1000);
    }

    private static Found found(Detector detector, long onset) {
        return Found.by(detector).onset(onset).observations(10L);
    }

    private static Alert last(AlertBook book, Found found) {
        List<Alert> changed = book.apply(found.deviation());
        return changed.stream()
                .filter(alert ->
                        alert.rule().equals(Rules.name(found.deviation().detector())))
                .findFirst()
                .orElseThrow();
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (Alert alert : book.alerts()) {
            boolean own = !alert.labels().containsKey("straightedge_part_of");
            if (own && alert.state() != State.PENDING) {
                told.add(alert.rule() + " " + alert.state());
            }
        }
        return told;
    }

    private static @Nullable Instant at(long seconds) {
        return Found.NOON.plusSeconds(seconds);
    }
}
