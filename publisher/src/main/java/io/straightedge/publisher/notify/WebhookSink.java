package io.straightedge.publisher.notify;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.signal.Alert;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A webhook signed by Standard Webhooks: {@code webhook-id} is the same whenever the same is sent, and
 * {@code webhook-signature} holds a code by each of the keys, so that keys can be changed without a gap.
 */
record WebhookSink(
        Recipient recipient,
        URI url,
        List<Secret> keys,
        Outbound outbound,
        @Nullable URI page) implements Sink {

    private static final String KEY_PREFIX = "whsec_";

    @Override
    public Mono<Reply> tell(List<Telling> tellings, Instant now) {
        Telling telling = tellings.get(0);
        byte[] body = body(telling, now, page);
        return outbound.post(url, headers(Digest.idempotencyKey(telling), now.getEpochSecond(), body, keys), body);
    }

    static Map<String, String> headers(String id, long timestamp, byte[] body, List<Secret> keys) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[head.length + body.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        String signatures = keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(Digest.hmacSha256(bytes(key), signed)))
                .collect(Collectors.joining(" "));
        return Map.of("webhook-id", id, "webhook-timestamp", Long.toString(timestamp), "webhook-signature", signatures);
    }

    /** The bytes of a key: base64 behind {@code whsec_}, else the text itself. */
    static byte[] bytes(Secret key) {
        if (!key.text().startsWith(KEY_PREFIX)) {
            return key.text().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(key.text().substring(KEY_PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a signing key that begins with whsec_ must go on in base64", e);
        }
    }

    static byte[] body(Telling telling, Instant now, @Nullable URI page) {
        Alert alert = telling.alert();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", Inert.text(alert.id(), Inert.SENTENCE));
        data.put("state", Words.state(telling.state()));
        data.put("severity", Labels.severity(telling.severity()));
        data.put("study", Inert.name(alert.study()));
        data.put("run", Inert.name(alert.run()));
        data.put("attempt", alert.attempt());
        data.put("rule", Inert.name(alert.rule()));
        data.put("onsetStep", alert.onsetStep());
        put(data, "step", alert.step());
        put(data, "sizeNats", Double.isFinite(alert.sizeNats()) ? alert.sizeNats() : null);
        put(data, "sizeSigmas", alert.sizeSigmas());
        put(data, "since", alert.since());
        put(data, "owner", alert.owner() == null ? null : Inert.name(alert.owner()));
        put(data, "cost", cost(alert));
        data.put("labels", AlertmanagerLabels.of(alert, telling.severity()));
        data.put("details", Words.details(telling));
        put(data, "link", Words.link(alert, page));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "alert." + Words.state(telling.state()));
        body.put("timestamp", Objects.requireNonNullElse(alert.changed(), now));
        body.put("data", data);
        return Json.write(body);
    }

    private static @Nullable Map<String, Object> cost(Alert alert) {
        if (alert.cost() == null) {
            return null;
        }
        Map<String, Object> cost = new LinkedHashMap<>();
        cost.put("finalBefore", alert.cost().finalBefore());
        cost.put("finalAfter", alert.cost().finalAfter());
        put(cost, "flops", alert.cost().flops());
        put(cost, "share", alert.cost().share());
        return cost;
    }

    private static void put(Map<String, Object> map, String name, @Nullable Object value) {
        if (value != null) {
            map.put(name, value);
        }
    }
}
