package io.straightedge.publisher.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.publisher.Found;
import io.straightedge.publisher.Sample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final String FLEET = "ladder//0/fleet-loss-up/1900";

    private final AlertBook book = new AlertBook(RuleBook.DEFAULT);

    /** Ten runs, all past step 2,000 of 3,815. */
    @BeforeEach
    void runs() {
        for (int i = 0; i < 10; i++) {
            book.apply(Sample.curve("ladder", "r" + i, 1e8, 2e9, 0.6));
        }
    }

    @Test
    void apply_fiveOfTenAtOneStep_isOneAlertOfTheStudy() {
        for (int i = 0; i < 4; i++) {
            book.apply(weak(i, 1900 + i).deviation());
        }

        List<Alert> changed = book.apply(spike(4, 1904).deviation());

        assertThat(changed).extracting(Alert::id).contains(FLEET);
        Alert fleet = get(FLEET);
        assertThat(fleet.run()).isEmpty();
        assertThat(fleet.runs()).containsExactly("r0", "r1", "r2", "r3", "r4");
        assertThat(fleet.state()).isEqualTo(State.FIRING);
        assertThat(fleet.severity()).isEqualTo(Severity.WARNING);
        assertThat(fleet.summary()).startsWith("5 runs of the study left their forecasts upwards");
        assertThat(members())
                .hasSize(5)
                .allSatisfy(member -> assertThat(member.state()).isEqualTo(State.PENDING))
                .allSatisfy(member -> assertThat(member.labels()).containsEntry("straightedge_fleet", FLEET));
    }

    @Test
    void apply_fourOrTooSmallAShareOrOtherKindsOrSteps_areTheirOwn() {
        for (int i = 0; i < 4; i++) {
            book.apply(spike(i, 1900).deviation());
        }
        book.apply(Found.by(Detector.TOO_GOOD).run("r4").onset(1900).size(-0.2).deviation());
        book.apply(spike(5, 1500).since(Found.NOON.plusSeconds(3600)).deviation());
        book.apply(spike(3, 1900).split("val").deviation());

        assertThat(fleets()).isEmpty();

        for (int i = 10; i < 17; i++) {
            book.apply(Sample.curve("ladder", "r" + i, 1e8, 2e9, 0.6));
        }
        book.apply(spike(4, 1900).deviation());
        assertThat(fleets()).isEmpty();
        book.apply(spike(6, 1900).deviation());
        assertThat(fleets()).hasSize(1);
    }

    @Test
    void apply_sameTenMinutesAtAnySteps_isOneAlert() {
        for (int i = 0; i < 5; i++) {
            book.apply(Found.by(Detector.STALL)
                    .run("r" + i)
                    .onset(100L * (i + 1))
                    .size(Double.NaN)
                    .since(Found.NOON.plusSeconds(60L * i))
                    .time(Found.NOON.plusSeconds(300))
                    .deviation());
        }

        assertThat(fleets())
                .singleElement()
                .satisfies(fleet -> assertThat(fleet.id()).isEqualTo("ladder//0/fleet-stall/100"))
                .satisfies(fleet -> assertThat(fleet.severity()).isEqualTo(Severity.CRITICAL));
        book.apply(Found.by(Detector.STALL)
                .run("r7")
                .onset(900)
                .since(Found.NOON.plusSeconds(120))
                .time(Found.NOON.plusSeconds(2000))
                .deviation());
        assertThat(get("ladder/r7/0/stall/900").state()).isEqualTo(State.PENDING);
    }

    @Test
    void apply_allBack_resolvesTheFleet() {
        for (int i = 0; i < 5; i++) {
            book.apply(weak(i, 1900).deviation());
        }
        for (int i = 0; i < 4; i++) {
            book.apply(weak(i, 1900).ended("The loss came back.").step(1930).deviation());
            assertThat(get(FLEET).state()).isEqualTo(State.FIRING);
        }
        book.apply(weak(4, 1900).ended("The loss came back.").step(1930).deviation());

        assertThat(get(FLEET).state()).isEqualTo(State.RESOLVED);
        assertThat(get(FLEET).reason()).isEqualTo("all of its runs are through: The loss came back.");
        assertThat(members()).allSatisfy(member -> assertThat(member.state()).isEqualTo(State.RESOLVED));
    }

    @Test
    void apply_runsOneAfterTheOther_areOneNoticeFromTheFifthOn() {
        List<Alert> told = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            told.addAll(book.apply(spike(i, 1900 + i % 3).deviation()));
            told.addAll(book.apply(spike(i, 1900 + i % 3)
                    .ended("The loss came back.")
                    .step(1930)
                    .deviation()));
        }

        assertThat(told.stream().filter(Alert::active).map(Alert::run).distinct())
                .containsExactlyInAnyOrder("r0", "r1", "r2", "r3", "");
        assertThat(get(FLEET).state()).isEqualTo(State.RESOLVED);
        assertThat(get(FLEET).runs()).hasSize(10);
    }

    @Test
    void apply_membersThatFiredBefore_stepBackAndStayAsTheyWere() {
        for (int i = 0; i < 4; i++) {
            assertThat(book.apply(spike(i, 1900).deviation())).hasSize(1).allMatch(Alert::active);
        }

        List<Alert> changed = book.apply(spike(4, 1900).deviation());

        assertThat(changed)
                .hasSize(6)
                .filteredOn(Alert::active)
                .extracting(Alert::id)
                .containsExactly(FLEET);
        assertThat(book.apply(spike(2, 1900).goesOn().step(1910).deviation()))
                .filteredOn(alert -> !alert.run().isEmpty())
                .singleElement()
                .satisfies(alert -> assertThat(alert.state()).isEqualTo(State.PENDING));
        book.apply(
                Found.by(Detector.DIVERGENCE).run("r2").onset(1900).step(1990).deviation());
        assertThat(get(FLEET).severity()).isEqualTo(Severity.CRITICAL);
        assertThat(get("ladder/r2/0/divergence/1900").state()).isEqualTo(State.PENDING);
    }

    @Test
    void apply_latecomerThatDoesNotComeBack_isToldForItself() {
        for (int i = 0; i < 5; i++) {
            book.apply(weak(i, 1900).deviation());
        }
        for (int i = 0; i < 5; i++) {
            book.apply(weak(i, 1900).ended("The loss came back.").step(1930).deviation());
        }

        book.apply(spike(5, 1900).step(1920).deviation());
        assertThat(get("ladder/r5/0/spike/1900").state()).isEqualTo(State.PENDING);
        book.apply(spike(5, 1900).goesOn().step(1950).deviation());
        assertThat(get("ladder/r5/0/spike/1900").state()).isEqualTo(State.FIRING);
        assertThat(get("ladder/r5/0/spike/1900").labels()).doesNotContainKey("straightedge_fleet");
        book.apply(Found.by(Detector.DIVERGENCE).run("r6").onset(1900).deviation());
        assertThat(get("ladder/r6/0/divergence/1900").state()).isEqualTo(State.FIRING);
    }

    @Test
    void apply_restoredBook_goesOnAsTheLostOne() {
        for (int i = 0; i < 7; i++) {
            book.apply(spike(i, 1900).deviation());
        }
        AlertBook restored = new AlertBook(RuleBook.DEFAULT);
        book.alerts().forEach(restored::restore);
        for (int i = 0; i < 10; i++) {
            restored.apply(Sample.curve("ladder", "r" + i, 1e8, 2e9, 0.6));
        }

        for (AlertBook each : List.of(book, restored)) {
            each.apply(spike(7, 1900).deviation());
            for (int i = 0; i < 8; i++) {
                each.apply(
                        spike(i, 1900).ended("The loss came back.").step(1930).deviation());
            }
        }

        assertThat(restored.alerts()).containsExactlyElementsOf(book.alerts());
        assertThat(get(FLEET).state()).isEqualTo(State.RESOLVED);
    }

    private static Found spike(int run, long onset) {
        return Found.by(Detector.SPIKE).run("r" + run).onset(onset).observations(2L);
    }

    /** Too usual to be told for itself. */
    private static Found weak(int run, long onset) {
        return spike(run, onset).oncePer(10.0);
    }

    private Alert get(String id) {
        return book.alerts().stream()
                .filter(alert -> alert.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<Alert> fleets() {
        return book.alerts().stream().filter(alert -> alert.run().isEmpty()).toList();
    }

    private List<Alert> members() {
        return book.alerts().stream().filter(alert -> !alert.run().isEmpty()).toList();
    }
}
