package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.signal.Alert;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which known alert a deviation is about, if any. Pure. */
final class Same {

    private Same() {}

    /**
     * By its id, or, as a detector that was replaced may place the onset otherwise when it sees the same data again: of
     * the same run, attempt, rule and split, the nearest whose span holds the onset. A finding that begins beyond all that
     * a resolved alert had seen is another one.
     *
     * @param known alerts of the run, by id
     */
    static @Nullable Alert find(Deviation deviation, Map<String, Alert> known, Fleet fleet) {
        String id = id(deviation);
        Alert exact = known.get(id);
        if (exact != null) {
            return exact;
        }
        return known.values().stream()
                .filter(alert -> alert.rule().equals(Rules.name(deviation.detector()))
                        && alert.attempt() == deviation.attempt()
                        && deviation.split().equals(alert.split()))
                .filter(alert -> holds(alert, deviation, fleet.tolerance(deviation.onsetStep())))
                .min(Comparator.comparingLong(alert -> Math.abs(alert.onsetStep() - deviation.onsetStep())))
                .orElse(null);
    }

    static String id(Deviation deviation) {
        return AlertIds.of(
                deviation.study(),
                deviation.run(),
                deviation.attempt(),
                Rules.name(deviation.detector()),
                deviation.onsetStep(),
                deviation.split());
    }

    private static boolean holds(Alert alert, Deviation deviation, double tolerance) {
        long last = alert.step() == null ? alert.onsetStep() : alert.step();
        boolean within = deviation.onsetStep() >= alert.onsetStep() - tolerance && deviation.onsetStep() <= last;
        boolean another = alert.state() == Alert.State.RESOLVED
                && deviation.phase() == Deviation.Phase.BEGAN
                && deviation.step() > last;
        return within && !another;
    }
}
