package io.straightedge.publisher.notify;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Alertmanager's API v2. Each message says for how long it holds, so that what is not said any more ends by itself.
 *
 * <p>The severity is one of the labels that make an alert's identity there: when it rises, the old one is taken back with
 * the same message that brings the new one.
 */
record AlertmanagerSink(
        Recipient recipient,
        URI url,
        Map<String, String> headers,
        Outbound outbound,
        @Nullable URI page) implements Sink {

    /** For how long a message that an alert fires holds: three that are lost in a row do not end it. */
    static final Duration HOLDS = Duration.ofMinutes(4);

    private static final int TOGETHER = 64;

    @Override
    public Mono<Reply> tell(List<Telling> tellings, Instant now) {
        return outbound.post(url, headers, body(tellings, now, page));
    }

    @Override
    public int together() {
        return TOGETHER;
    }

    static byte[] body(List<Telling> tellings, Instant now, @Nullable URI page) {
        List<Map<String, Object>> alerts = new ArrayList<>();
        for (Telling telling : tellings) {
            Severity before = telling.before();
            if (telling.state() == State.FIRING && before != null && before != telling.severity()) {
                alerts.add(alert(telling, before, AlertmanagerLabels.startsAt(telling.alert(), now), now, page));
            }
            Alert alert = telling.alert();
            Instant ends =
                    telling.state() == State.RESOLVED ? AlertmanagerLabels.resolvedAt(alert, now) : now.plus(HOLDS);
            alerts.add(alert(telling, telling.severity(), AlertmanagerLabels.startsAt(alert, now), ends, page));
        }
        return Json.write(alerts);
    }

    private static Map<String, Object> alert(
            Telling telling, Severity severity, Instant starts, Instant ends, @Nullable URI page) {
        Map<String, Object> alert = new LinkedHashMap<>();
        alert.put("labels", AlertmanagerLabels.of(telling.alert(), severity));
        alert.put("annotations", Words.details(telling));
        alert.put("startsAt", starts);
        alert.put("endsAt", ends);
        String link = Words.link(telling.alert(), page);
        if (link != null) {
            alert.put("generatorURL", link);
        }
        return alert;
    }
}
