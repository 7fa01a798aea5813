package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.publisher.notify.Labels;
import io.straightedge.publisher.notify.Route;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which findings of a run are one event. Pure.
 *
 * <p>A loss that goes up is found by several detectors, each with an onset of its own. The first that is told speaks for
 * those that come while it is on, of the same split and attempt and on the same side of the forecast, unless they are
 * worse: of a higher severity, or twice as large and begun after it was last seen.
 *
 * @param routes a finding that leads to other sinks than its speaker is not spoken for
 */
record OneEvent(List<Route> routes) {

    private static final double WORSE = 2;

    private enum Side {
        UP,
        DOWN
    }

    /**
     * The alert that speaks for one that nobody has been told of, or null.
     *
     * @param known alerts of the run
     * @param time of the finding; who is silenced then speaks for nobody
     */
    @Nullable
    Alert speaksFor(Alert found, Collection<Alert> known, @Nullable Instant time) {
        return known.stream()
                .filter(other -> other.active() && !other.id().equals(found.id()) && together(other, found))
                .filter(other -> !worse(found, other) && !silenced(other, time) && heardOf(other, found))
                .min(Comparator.comparingLong(Alert::onsetStep).thenComparing(Alert::id))
                .orElse(null);
    }

    /** Of those that {@code speaker} speaks for and that are on, the first that matters as much; null without one. */
    static @Nullable Alert goesOn(Alert speaker, Collection<Alert> known) {
        return known.stream()
                .filter(other -> other.state() != State.RESOLVED)
                .filter(other -> speaker.id().equals(other.labels().get(AlertBook.PART_LABEL)))
                .filter(other -> other.severity().compareTo(speaker.severity()) >= 0)
                .min(Comparator.comparingLong(Alert::onsetStep).thenComparing(Alert::id))
                .orElse(null);
    }

    private static boolean together(Alert one, Alert other) {
        Side side = side(one);
        return side != null
                && side == side(other)
                && one.attempt() == other.attempt()
                && one.split() != null
                && one.split().equals(other.split());
    }

    private static @Nullable Side side(Alert alert) {
        Kind kind = Kind.of(alert);
        return kind == Kind.LOSS_UP ? Side.UP : kind == Kind.LOSS_DOWN ? Side.DOWN : null;
    }

    private static boolean worse(Alert found, Alert other) {
        boolean later = other.step() != null && found.onsetStep() > other.step();
        boolean larger = Math.abs(found.sizeNats()) >= WORSE * Math.abs(other.sizeNats());
        return found.severity().compareTo(other.severity()) > 0 || (later && larger);
    }

    private static boolean silenced(Alert alert, @Nullable Instant time) {
        return alert.silencedUntil() != null && (time == null || time.isBefore(alert.silencedUntil()));
    }

    private boolean heardOf(Alert speaker, Alert found) {
        return routes.stream()
                .filter(route -> Labels.match(route.matchers(), found))
                .allMatch(route -> Labels.match(route.matchers(), speaker));
    }
}
