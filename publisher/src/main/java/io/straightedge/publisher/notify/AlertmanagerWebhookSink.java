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

/** The message of version 4 that Alertmanager sends to webhooks, for receivers that understand it: one alert each. */
record AlertmanagerWebhookSink(
        Recipient recipient,
        URI url,
        Map<String, String> headers,
        Outbound outbound,
        @Nullable URI page) implements Sink {

    /** How Alertmanager writes the end of what has none yet. */
    private static final String NO_END = "0001-01-01T00:00:00Z";

    @Override
    public Mono<Reply> tell(List<Telling> tellings, Instant now) {
        return outbound.post(url, headers, body(recipient.name(), tellings.get(0), now, page));
    }

    static byte[] body(String receiver, Telling telling, Instant now, @Nullable URI page) {
        Alert alert = telling.alert();
        Map<String, String> labels = AlertmanagerLabels.of(alert, telling.severity());
        String fingerprint = Digest.sha256(labels.toString()).substring(0, 16);
        String status = telling.state() == State.RESOLVED ? "resolved" : "firing";
        String link = Words.link(alert, page);
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("status", status);
        one.put("labels", labels);
        one.put("annotations", Words.details(telling));
        one.put("startsAt", AlertmanagerLabels.startsAt(alert, now));
        one.put("endsAt", telling.state() == State.RESOLVED ? AlertmanagerLabels.resolvedAt(alert, now) : NO_END);
        one.put("generatorURL", link == null ? "" : link);
        one.put("fingerprint", fingerprint);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("version", "4");
        // Without the severity: the end must find the group of the beginning.
        body.put(
                "groupKey",
                "{}:{straightedge_alert=\"" + Digest.sha256(alert.id()).substring(0, 16) + "\"}");
        body.put("truncatedAlerts", 0);
        body.put("status", status);
        body.put("receiver", receiver);
        body.put("groupLabels", Map.of("alertname", labels.getOrDefault("alertname", "")));
        body.put("commonLabels", labels);
        body.put("commonAnnotations", Words.details(telling));
        body.put("externalURL", page == null ? "" : page.toString());
        body.put("alerts", List.of(one));
        return Json.write(body);
    }
}
