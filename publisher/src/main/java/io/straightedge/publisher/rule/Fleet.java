package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which deviations of a study's runs are one. Pure.
 *
 * <p>Runs that see the same data in the same order stumble at the same step, even one after the other, so onsets at one
 * step count whether they are over or not, against the runs that have seen that step. What hits the machines, or
 * ourselves, hits at the same time: that counts while it is on, against the runs that are running. Stalls share no step.
 *
 * @param runs how far the study's runs are
 */
record Fleet(FleetSettings settings, Runs runs) {

    /** A run that joins what is over may take so much longer to come back than the others did, together. */
    private static final double LONGER = 1.5;

    private static final double MILLIS = 1000;

    /** The alert of the study that speaks for this one already, or null. */
    @Nullable
    Alert speaksFor(Alert alert, Collection<Alert> fleets) {
        Kind kind = Kind.of(alert);
        if (kind == null || !settings.enabled()) {
            return null;
        }
        return fleets.stream()
                .filter(fleet -> fleet.rule().equals(kind.fleetRule()))
                .filter(fleet -> sameStep(kind, fleet, alert) || (fleet.active() && sameTime(fleet, alert)))
                .findFirst()
                .orElse(null);
    }

    /** Whether a member need not be told for itself: not while the fleet's alert is, nor where it only repeats it. */
    boolean covers(Alert fleet, Alert alert) {
        if (fleet.active()) {
            return true;
        }
        boolean lasting = switch (alert.rule()) {
            case "divergence", "non-finite", "never-learns", "stall" -> true;
            default -> false;
        };
        return !lasting && span(alert) <= Math.max(LONGER * span(fleet), tolerance(alert.onsetStep()));
    }

    private static long span(Alert alert) {
        return alert.step() == null ? 0 : alert.step() - alert.onsetStep();
    }

    /** Those who make one fleet with {@code alert}, itself among them; empty when they are too few. */
    List<Alert> peers(Alert alert, Collection<Alert> alerts) {
        Kind kind = Kind.of(alert);
        if (kind == null || !settings.enabled()) {
            return List.of();
        }
        List<Alert> others = alerts.stream()
                .filter(other -> !other.id().equals(alert.id()) && Kind.of(other) == kind)
                .toList();
        List<Alert> atStep = with(alert, others, other -> sameStep(kind, other, alert));
        if (enough(atStep, runs.reached(alert.onsetStep()))) {
            return atStep;
        }
        List<Alert> atTime =
                with(alert, others, other -> other.state() != Alert.State.RESOLVED && sameTime(other, alert));
        return enough(atTime, runs.running()) ? atTime : List.of();
    }

    private static List<Alert> with(Alert alert, List<Alert> others, Predicate<Alert> near) {
        return Stream.concat(others.stream().filter(near), Stream.of(alert)).toList();
    }

    private boolean enough(List<Alert> members, long ofRuns) {
        int distinct = names(members).size();
        return distinct >= settings.leastRuns() && distinct >= settings.share() * Math.max(ofRuns, distinct);
    }

    /** Whether a fleet's alert and one of a run are of one kind, at one step or time. */
    boolean member(Alert fleet, Alert alert) {
        Kind kind = Kind.of(alert);
        return kind != null
                && fleet.rule().equals(kind.fleetRule())
                && (sameStep(kind, fleet, alert) || sameTime(fleet, alert));
    }

    private boolean sameStep(Kind kind, Alert one, Alert other) {
        return kind != Kind.STALL
                && Math.abs(one.onsetStep() - other.onsetStep())
                        <= tolerance(Math.max(one.onsetStep(), other.onsetStep()));
    }

    /** Steps by which onsets may differ and still be one. */
    double tolerance(long step) {
        return Math.max(settings.sameStepShare() * step, (double) settings.sameSteps());
    }

    private boolean sameTime(Alert one, Alert other) {
        Instant first = one.since();
        Instant second = other.since();
        return first != null
                && second != null
                && Math.abs(Duration.between(first, second).toMillis()) <= MILLIS * settings.sameSeconds();
    }

    /** The alert about a new fleet. */
    Alert begun(List<Alert> members, @Nullable Instant time) {
        Alert first = members.stream()
                .min(Comparator.comparingLong(Alert::onsetStep).thenComparing(Alert::id))
                .orElseThrow();
        Kind kind = Objects.requireNonNull(Kind.of(first));
        String id = AlertIds.of(first.study(), "", 0, kind.fleetRule(), first.onsetStep(), "train");
        Instant since = members.stream()
                .map(Alert::since)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        Draft draft =
                new Draft(id, first.study(), "", 0, kind.fleetRule(), first.onsetStep(), since, null, first.owner());
        draft.severity = Alert.Severity.WARNING;
        draft.enter(Alert.State.FIRING, time);
        return with(draft.alert(), members);
    }

    /** The fleet's alert with more members. */
    Alert with(Alert fleet, List<Alert> members) {
        Draft draft = Draft.of(fleet);
        TreeSet<String> names = names(members);
        names.addAll(fleet.runs());
        draft.runs = List.copyOf(names);
        if (fleet.active()) {
            members.forEach(member -> widen(draft, member));
        }
        Kind kind = Objects.requireNonNull(Kind.of(members.get(0)));
        draft.summary = names.size() + " runs of the study " + kind.words() + " together, at step " + fleet.onsetStep()
                + ": look at the data that they share, and at Straightedge itself.";
        return draft.alert();
    }

    private static void widen(Draft draft, Alert member) {
        if (!(Math.abs(draft.sizeNats) >= Math.abs(member.sizeNats())) && !Double.isNaN(member.sizeNats())) {
            draft.sizeNats = member.sizeNats();
        }
        if (member.step() != null) {
            draft.step = draft.step == null ? member.step() : Math.max(draft.step, member.step());
        }
        draft.atLeast(member.severity());
    }

    /** The fleet's alert when its last member has come back. */
    Alert over(Alert fleet, Alert last) {
        Draft draft = Draft.of(fleet);
        widen(draft, last);
        draft.severity = fleet.severity();
        return draft.resolve("all of its runs are through: " + last.reason(), last.changed())
                .alert();
    }

    private static TreeSet<String> names(List<Alert> alerts) {
        TreeSet<String> names = new TreeSet<>();
        alerts.forEach(alert -> names.add(alert.run()));
        return names;
    }
}
