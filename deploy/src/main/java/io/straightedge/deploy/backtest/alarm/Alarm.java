package io.straightedge.deploy.backtest.alarm;

import io.straightedge.protocol.signal.Alert.Severity;
import java.util.List;

/**
 * Something that would have been told.
 *
 * @param runs that it is about: one, or those of a fleet
 * @param fleet whether it is about several as one
 * @param again whether it had been told before, as less bad
 * @param index of the observation at which it was told, in its run; of a fleet, in the run that made it one
 */
record Alarm(
        String study,
        List<String> runs,
        boolean fleet,
        String rule,
        Severity severity,
        boolean again,
        long onsetStep,
        long foundStep,
        int index,
        double sizeNats) {

    Alarm {
        runs = List.copyOf(runs);
    }

    /** One of a single run. */
    static Alarm of(LoggedRun run, String rule, Severity severity, long onsetStep, int index, double sizeNats) {
        return new Alarm(
                run.past().study(),
                List.of(run.name()),
                false,
                rule,
                severity,
                false,
                onsetStep,
                run.step(index),
                index,
                sizeNats);
    }
}
