package io.straightedge.publisher.notify;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.State;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** PagerDuty's Events API v2: one incident for each alert, by its id. */
record PagerDutySink(
        Recipient recipient,
        URI url,
        Secret routingKey,
        Outbound outbound,
        @Nullable URI page) implements Sink {

    static final URI USUAL = URI.create("https://events.pagerduty.com/v2/enqueue");

    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_SUMMARY = 1024;

    @Override
    public Mono<Reply> tell(List<Telling> tellings, Instant now) {
        return outbound.post(url, Map.of(), body(routingKey.text(), tellings.get(0), page));
    }

    static byte[] body(String routingKey, Telling telling, @Nullable URI page) {
        Alert alert = telling.alert();
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("routing_key", routingKey);
        event.put(
                "event_action",
                switch (telling.state()) {
                    case FIRING, PENDING -> "trigger";
                    case ACKNOWLEDGED -> "acknowledge";
                    case RESOLVED -> "resolve";
                });
        event.put("dedup_key", dedupKey(alert.id()));
        if (telling.state() == State.FIRING) {
            event.put("client", "Straightedge");
            String link = Words.link(alert, page);
            if (link != null) {
                event.put("client_url", link);
            }
            event.put("payload", payload(telling));
        }
        return Json.write(event);
    }

    private static Map<String, Object> payload(Telling telling) {
        Alert alert = telling.alert();
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put(
                "summary",
                Inert.text(Words.headline(telling) + ": " + Inert.sentence(alert.summary()), LONGEST_SUMMARY));
        payload.put("source", Words.subject(alert));
        payload.put("severity", Labels.severity(telling.severity()));
        payload.put("class", Inert.name(alert.rule()));
        if (alert.changed() != null) {
            payload.put("timestamp", alert.changed());
        }
        payload.put("custom_details", Words.details(telling));
        return payload;
    }

    /** The id itself where it is short and plain, else its hash. */
    static String dedupKey(String id) {
        return id.length() <= LONGEST_KEY && Inert.text(id, LONGEST_KEY).equals(id)
                ? id
                : "straightedge/" + Digest.sha256(id);
    }
}
