package io.straightedge.fitter.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.straightedge.fitter.state.Accounts;
import io.straightedge.fitter.state.Applied;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of the assigned partitions on /metrics: {@code straightedge_fitter_events_in_total} is the sum of
 * {@code straightedge_fitter_events_total} over its label {@code became}. Safe on any thread.
 */
final class LaneMetrics {

    private final MeterRegistry meters;
    private final ConcurrentMap<Integer, Accounts> accounts = new ConcurrentHashMap<>();

    LaneMetrics(MeterRegistry meters) {
        this.meters = meters;
        FunctionCounter.builder(
                        "straightedge.fitter.events.in",
                        this,
                        self -> self.sum().in())
                .description("Events read from training-events, since the assigned partitions began")
                .register(meters);
        for (Applied what : Applied.values()) {
            FunctionCounter.builder(
                            "straightedge.fitter.events",
                            this,
                            self -> self.sum().count(what))
                    .tag("became", what.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .description("What became of the events")
                    .register(meters);
        }
    }

    /** The committed accounts of a partition; null when it has gone. */
    void accounts(int partition, @Nullable Accounts now) {
        if (now == null) {
            accounts.remove(partition);
        } else {
            accounts.put(partition, now);
        }
    }

    /** All assigned partitions together. */
    Accounts sum() {
        return accounts.values().stream().reduce(Accounts.NONE, Accounts::plus);
    }

    void deadLetter(String reason) {
        meters.counter("straightedge.fitter.dead.letters", "reason", reason).increment();
    }
}
