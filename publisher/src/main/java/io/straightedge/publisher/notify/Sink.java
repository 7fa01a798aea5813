package io.straightedge.publisher.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/** A way to tell people. */
sealed interface Sink
        permits AlertmanagerSink, AlertmanagerWebhookSink, LogSink, PagerDutySink, SlackSink, WebhookSink {

    Recipient recipient();

    /** Tells at most {@link #together} of them; fails when the sink cannot be reached. */
    Mono<Reply> tell(List<Telling> tellings, Instant now);

    /** How much can be told at once. */
    default int together() {
        return 1;
    }

    /** How long to wait between two messages. */
    default Duration spacing() {
        return Duration.ZERO;
    }
}
