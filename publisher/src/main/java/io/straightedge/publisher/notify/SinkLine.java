package io.straightedge.publisher.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.straightedge.protocol.signal.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sink at work: how it has answered lately, and so when it may be spoken to next. A sink that fails is left alone for
 * longer and longer; one that is gone is not spoken to again until the process starts anew. Not thread-safe but for the
 * meters.
 */
final class SinkLine {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLine.class);

    private static final Duration[] LATENCIES = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };

    private final Sink sink;
    private final Pace pace;
    private final DoubleSupplier chance;
    private final Counter taken;
    private final Counter refused;
    private final Counter failed;
    private final Timer latency;
    private volatile int pending;
    private int failures;
    private boolean gone;
    private @Nullable Instant notBefore;

    SinkLine(Sink sink, Pace pace, MeterRegistry meters, DoubleSupplier chance) {
        this.sink = sink;
        this.pace = pace;
        this.chance = chance;
        String name = sink.recipient().name();
        this.taken = sent(meters, name, "taken");
        this.refused = sent(meters, name, "refused");
        this.failed = sent(meters, name, "failed");
        this.latency = Timer.builder("straightedge.notify.latency")
                .tag("sink", name)
                .description("From the event that changed an alert to the sink having taken it")
                .serviceLevelObjectives(LATENCIES)
                .register(meters);
        Gauge.builder("straightedge.notify.pending", this, line -> line.pending)
                .tag("sink", name)
                .description("Alerts that the sink has not yet been told as they are")
                .register(meters);
    }

    private static Counter sent(MeterRegistry meters, String sink, String outcome) {
        return Counter.builder("straightedge.notify.sent")
                .tag("sink", sink)
                .tag("outcome", outcome)
                .description("Alerts sent, the same again included")
                .register(meters);
    }

    Sink sink() {
        return sink;
    }

    Recipient recipient() {
        return sink.recipient();
    }

    void pending(int now) {
        pending = now;
    }

    /** Whether it may be spoken to. */
    boolean open(Instant now) {
        return !gone && (notBefore == null || !now.isBefore(notBefore));
    }

    /** Whether more may be said at once after what was said last. */
    boolean fluent() {
        return !gone && notBefore == null;
    }

    void taken(Telling telling, Instant now) {
        taken.increment();
        Alert alert = telling.alert();
        if (!telling.again() && alert.changed() != null) {
            Duration took = Duration.between(alert.changed(), now);
            latency.record(took.isNegative() ? Duration.ZERO : took);
        }
    }

    /** It has taken something. */
    void succeeded(Instant now) {
        if (failures > 0) {
            LOG.warn("sink {} takes alerts again", recipient().name());
        }
        failures = 0;
        notBefore = sink.spacing().isZero() ? null : now.plus(sink.spacing());
    }

    /** It will not have something that it was offered. */
    void refused(int tellings, int status, Instant now) {
        refused.increment(tellings);
        LOG.warn(
                "sink {} refused {} alerts with status {}: not sent again",
                recipient().name(),
                tellings,
                status);
        failures = 0;
        notBefore = sink.spacing().isZero() ? null : now.plus(sink.spacing());
    }

    void gone() {
        gone = true;
        LOG.error(
                "sink {} says that it is gone (410): nothing is sent to it until the next start",
                recipient().name());
    }

    /** It could not be reached or had a fault of its own; what it asks for counts where it asks for more. */
    void failed(int tellings, String why, @Nullable Duration asked, Instant now) {
        failed.increment(tellings);
        failures++;
        if (failures == 1) {
            LOG.warn("sink {} does not take alerts ({}); trying on", recipient().name(), Inert.sentence(why));
        }
        notBefore = now.plus(waitAfter(failures, asked));
    }

    /** When what has failed so often is to be tried again. */
    Instant notBefore(int tellingFailures, @Nullable Duration asked, Instant now) {
        return now.plus(waitAfter(tellingFailures, asked));
    }

    private Duration waitAfter(int times, @Nullable Duration asked) {
        Duration wait = pace.waitAfter(times, chance.getAsDouble());
        return asked != null && asked.compareTo(wait) > 0 ? asked : wait;
    }
}
