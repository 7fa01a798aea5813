package io.straightedge.publisher.notify;

import static io.straightedge.publisher.notify.Alerts.START;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.protocol.signal.Alert.State;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BodiesTest {

    private static final URI PAGE = URI.create("https://training.example.com/");
    private static final Instant CHANGED = START.plusSeconds(30);
    private static final Instant NOW = START.plusSeconds(60);

    private static final Telling FIRING = telling(State.FIRING, Severity.CRITICAL, null, false);
    private static final Telling RESOLVED = telling(State.RESOLVED, Severity.CRITICAL, Severity.CRITICAL, false);

    private static final String DETAILS = """
            {"cost":"1.50e+18 FLOPs (37.5 % of the run)","final_loss":"2.5000 -> 2.7500","onset_step":"1200",\
            "size":"+0.2500 nats, +6.25 sigma","step":"1264","summary":"Loss jumped."}""";
    private static final String DETAILS_RESOLVED =
            DETAILS.replace("\"onset_step\":\"1200\",", "\"onset_step\":\"1200\",\"reason\":\"loss came back\",");

    private static Telling telling(State state, Severity severity, @Nullable Severity before, boolean again) {
        return new Telling(Alerts.spike(severity, state, CHANGED), state, before, again);
    }

    private static String labels(String severity) {
        return """
                {"alertname":"StraightedgeSpike","attempt":"0","onset_step":"1200","owner":"ada","rule":"spike",\
                "run":"190M","severity":"%s","split":"train","study":"ladder","team":"b"}""".formatted(severity);
    }

    private static String text(byte[] body) {
        return new String(body, UTF_8);
    }

    @Test
    void alertmanager_firing_holdsForFourMinutes() {
        assertThat(text(AlertmanagerSink.body(List.of(FIRING), NOW, PAGE)))
                .isEqualTo("[{\"annotations\":" + DETAILS + ",\"endsAt\":\"2026-11-24T12:05:00Z\","
                        + "\"generatorURL\":\"https://training.example.com/#/runs/ladder/190M\",\"labels\":"
                        + labels("critical") + ",\"startsAt\":\"2026-11-24T12:00:00Z\"}]");
    }

    @Test
    void alertmanager_resolved_endedWhenItDid() {
        assertThat(text(AlertmanagerSink.body(List.of(RESOLVED), NOW, null)))
                .isEqualTo("[{\"annotations\":" + DETAILS_RESOLVED + ",\"endsAt\":\"2026-11-24T12:00:30Z\",\"labels\":"
                        + labels("critical") + ",\"startsAt\":\"2026-11-24T12:00:00Z\"}]");
    }

    @Test
    void alertmanager_risen_takesTheOldOneBack() throws Exception {
        Telling risen = telling(State.FIRING, Severity.CRITICAL, Severity.WARNING, false);
        JsonNode alerts = Json.tree(AlertmanagerSink.body(List.of(risen), NOW, null));
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(0).get("labels"))
                .isEqualTo(Json.tree(labels("warning").getBytes(UTF_8)));
        assertThat(alerts.get(0).get("endsAt").asText()).isEqualTo(NOW.toString());
        assertThat(alerts.get(1).get("labels"))
                .isEqualTo(Json.tree(labels("critical").getBytes(UTF_8)));
        assertThat(alerts.get(1).get("endsAt").asText()).isEqualTo("2026-11-24T12:05:00Z");
    }

    /** What the same alert says later in its life: the numbers may move, the identity may not. */
    @Test
    void alertmanager_laterInItsLife_sameLabels() throws Exception {
        Alert early = Alerts.spike(Severity.WARNING, State.FIRING, CHANGED);
        Alert late = new Alert(
                early.id(),
                early.study(),
                early.run(),
                early.attempt(),
                early.rule(),
                early.severity(),
                State.RESOLVED,
                early.onsetStep(),
                7,
                early.since(),
                "Other words.",
                "why",
                Map.of("team", "b", "straightedge_fleet", "ladder//0/fleet-loss-up/1200"),
                early.split(),
                99_999L,
                1.0,
                NOW,
                null,
                early.owner(),
                "grace",
                NOW,
                List.of());
        assertThat(AlertmanagerLabels.of(late, Severity.WARNING))
                .isEqualTo(AlertmanagerLabels.of(early, Severity.WARNING));
    }

    @Test
    void alertmanager_hostileNamesAndTimes_staysWithinItsRules() {
        Alert alert = new Alert(
                "x",
                "a\nb",
                "<!channel>",
                0,
                "hidden-nan",
                Severity.WARNING,
                State.RESOLVED,
                1,
                Double.NaN,
                NOW.plusSeconds(500),
                "s",
                null,
                Map.of("alertname", "mine", "bad name", "v", "__own__", "w", "9", "x", "empty", ""),
                null,
                null,
                null,
                NOW.plusSeconds(900),
                null,
                null,
                null,
                null,
                List.of());
        assertThat(AlertmanagerLabels.of(alert, Severity.WARNING))
                .containsEntry("alertname", "StraightedgeHiddenNan")
                .containsEntry("study", "a b")
                .containsEntry("bad_name", "v")
                .containsEntry("label__own__", "w")
                .containsEntry("_9", "x")
                .doesNotContainKey("empty")
                .allSatisfy((name, value) -> assertThat(name).matches("[a-zA-Z_][a-zA-Z0-9_]*"));
        assertThat(AlertmanagerLabels.startsAt(alert, NOW)).isBefore(AlertmanagerLabels.resolvedAt(alert, NOW));
        assertThat(AlertmanagerLabels.resolvedAt(alert, NOW)).isBeforeOrEqualTo(NOW);
    }

    @Test
    void alertmanagerWebhook_firing_isVersion4() throws Exception {
        String link = "https://training.example.com/#/runs/ladder/190M";
        JsonNode body = Json.tree(AlertmanagerWebhookSink.body("hook", FIRING, NOW, PAGE));
        String fingerprint = body.get("alerts").get(0).get("fingerprint").asText();
        String group = body.get("groupKey").asText();
        assertThat(fingerprint).matches("[0-9a-f]{16}");
        assertThat(body)
                .isEqualTo(Json.tree(("{\"version\":\"4\",\"groupKey\":" + text(Json.bytes(body.get("groupKey")))
                                + ",\"truncatedAlerts\":0,\"status\":\"firing\",\"receiver\":\"hook\","
                                + "\"groupLabels\":{\"alertname\":\"StraightedgeSpike\"},\"commonLabels\":"
                                + labels("critical")
                                + ",\"commonAnnotations\":" + DETAILS
                                + ",\"externalURL\":\"https://training.example.com/\",\"alerts\":[{\"status\":\"firing\",\"labels\":"
                                + labels("critical") + ",\"annotations\":" + DETAILS
                                + ",\"startsAt\":\"2026-11-24T12:00:00Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\""
                                + link + "\",\"fingerprint\":\"" + fingerprint + "\"}]}")
                        .getBytes(UTF_8)));
        JsonNode end = Json.tree(AlertmanagerWebhookSink.body("hook", RESOLVED, NOW, PAGE));
        assertThat(end.get("status").asText()).isEqualTo("resolved");
        assertThat(end.get("groupKey").asText()).isEqualTo(group);
        assertThat(end.get("alerts").get(0).get("endsAt").asText()).isEqualTo(CHANGED.toString());
        assertThat(end.get("alerts").get(0).get("fingerprint").asText()).isEqualTo(fingerprint);
    }

    @Test
    void slack_firing_hasFallbackAndBlocks() {
        assertThat(text(SlackSink.body(FIRING, null))).isEqualTo("""
                {"blocks":[{"text":{"text":":rotating_light: *[critical] spike in ladder/190M*\\nLoss jumped.\\n\
                cost: 1.50e+18 FLOPs (37.5 % of the run)\\nfinal loss: 2.5000 -&gt; 2.7500\\nonset step: 1200\\n\
                size: +0.2500 nats, +6.25 sigma\\nstep: 1264","type":"mrkdwn","verbatim":true},"type":"section"}],\
                "link_names":false,"mrkdwn":false,"text":"[critical] spike in ladder/190M: Loss jumped.",\
                "unfurl_links":false}""");
    }

    @Test
    void slack_hostileName_callsNobody() {
        Alert alert = Alerts.spike(
                "<!channel> @here <@U123> <https://evil.example|ok> a&b " + "&".repeat(5000),
                Severity.WARNING,
                State.FIRING,
                CHANGED);
        String body = text(SlackSink.body(new Telling(alert, State.FIRING, null, false), PAGE));
        assertThat(body)
                .contains("&lt;!channel&gt; @\u200bhere &lt;@\u200bU123&gt; &lt;https://evil.example|ok&gt; a&amp;b")
                .doesNotContain("<!", "<@", "@here", "<https://evil");
        assertThat(body.replaceAll("&(amp|lt|gt);", "")).doesNotContain("&");
        assertThat(body.length()).isLessThan(12_000);
    }

    @Test
    void pagerDuty_itsThreeActions() {
        assertThat(text(PagerDutySink.body("R", FIRING, PAGE))).isEqualTo("""
                {"client":"Straightedge","client_url":"https://training.example.com/#/runs/ladder/190M",\
                "dedup_key":"ladder/190M/0/spike/1200","event_action":"trigger","payload":{"class":"spike",\
                "custom_details":%s,"severity":"critical","source":"ladder/190M",\
                "summary":"[critical] spike in ladder/190M: Loss jumped.","timestamp":"2026-11-24T12:00:30Z"},\
                "routing_key":"R"}""".formatted(DETAILS));
        Telling taken = telling(State.ACKNOWLEDGED, Severity.CRITICAL, Severity.CRITICAL, false);
        assertThat(text(PagerDutySink.body("R", taken, PAGE))).isEqualTo("""
                {"dedup_key":"ladder/190M/0/spike/1200","event_action":"acknowledge","routing_key":"R"}""");
        assertThat(text(PagerDutySink.body("R", RESOLVED, PAGE))).isEqualTo("""
                {"dedup_key":"ladder/190M/0/spike/1200","event_action":"resolve","routing_key":"R"}""");
    }

    @Test
    void pagerDuty_longNames_keepWithinItsLimits() throws Exception {
        assertThat(PagerDutySink.dedupKey("k".repeat(255))).isEqualTo("k".repeat(255));
        assertThat(PagerDutySink.dedupKey("k".repeat(256))).hasSizeLessThanOrEqualTo(255);
        assertThat(PagerDutySink.dedupKey("k".repeat(256))).isNotEqualTo(PagerDutySink.dedupKey("k".repeat(257)));
        assertThat(PagerDutySink.dedupKey("a\nb")).doesNotContain("\n");
        Alert alert = Alerts.spike("r".repeat(5000), Severity.WARNING, State.FIRING, CHANGED);
        JsonNode event = Json.tree(PagerDutySink.body("R", new Telling(alert, State.FIRING, null, false), null));
        assertThat(event.get("payload").get("summary").asText()).hasSizeLessThanOrEqualTo(1024);
        assertThat(event.get("dedup_key").asText()).hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void webhook_body_saysWhatAndWhen() {
        assertThat(text(WebhookSink.body(FIRING, NOW, null))).isEqualTo("""
                {"data":{"attempt":0,"cost":{"finalAfter":2.75,"finalBefore":2.5,"flops":1.5E18,"share":0.375},\
                "details":%s,"id":"ladder/190M/0/spike/1200","labels":%s,"onsetStep":1200,"owner":"ada","rule":"spike",\
                "run":"190M","severity":"critical","since":"2026-11-24T12:00:00Z","sizeNats":0.25,"sizeSigmas":6.25,\
                "state":"firing","step":1264,"study":"ladder"},"timestamp":"2026-11-24T12:00:30Z","type":"alert.firing"}\
                """.formatted(DETAILS, labels("critical")));
    }

    /** The example that the specification of Standard Webhooks gives: message, key and signature. */
    @Test
    void webhook_signature_isThatOfThePublishedExample() {
        Map<String, String> headers = WebhookSink.headers(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}".getBytes(UTF_8),
                List.of(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
        assertThat(headers)
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void webhook_severalKeys_oneSignatureEach() throws Exception {
        byte[] body = {'{', '}'};
        List<Secret> keys = List.of(
                new Secret("whsec_" + Base64.getEncoder().encodeToString("new".getBytes(UTF_8))),
                new Secret("old key"));
        String[] signatures = WebhookSink.headers("msg_1", 7, body, keys)
                .getOrDefault("webhook-signature", "")
                .split(" ", -1);
        assertThat(signatures).containsExactly("v1," + code("new"), "v1," + code("old key"));
    }

    private static String code(String key) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal("msg_1.7.{}".getBytes(UTF_8)));
    }

    @Test
    void idempotencyKey_sameForTheSame_otherForAnythingElse() {
        String key = Digest.idempotencyKey(FIRING);
        assertThat(Digest.idempotencyKey(telling(State.FIRING, Severity.CRITICAL, Severity.WARNING, false)))
                .isEqualTo(key);
        assertThat(key).matches("msg_[0-9a-f]{40}");
        assertThat(List.of(
                        Digest.idempotencyKey(RESOLVED),
                        Digest.idempotencyKey(telling(State.FIRING, Severity.WARNING, null, false)),
                        Digest.idempotencyKey(new Telling(
                                Alerts.spike("other", Severity.CRITICAL, State.FIRING, CHANGED),
                                State.FIRING,
                                null,
                                false))))
                .doesNotContain(key)
                .doesNotHaveDuplicates();
    }

    @Test
    void log_hostileWords_stayOnOneLine() throws Exception {
        Alert alert = Alerts.spike("a\r\nERROR forged \u001b[31m\u2028", Severity.WARNING, State.FIRING, CHANGED);
        String line = LogSink.line(new Telling(alert, State.FIRING, null, false));
        assertThat(line.chars().allMatch(character -> character >= ' ' && character != 0x2028))
                .isTrue();
        JsonNode read = Json.tree(line.getBytes(UTF_8));
        assertThat(read.get("headline").asText()).isEqualTo("[warning] spike in ladder/a  ERROR forged  [31m ");
        assertThat(read.get("state").asText()).isEqualTo("firing");
    }

    @Test
    void watchdog_inAlertmanagersTerms_hasNoSeverity() {
        Alert alive = new SelfAlerts(START).at(START, -1, true).get(0);
        assertThat(AlertmanagerLabels.of(alive, alive.severity()))
                .isEqualTo(Map.of("alertname", "StraightedgeWatchdog", "severity", "none", "rule", "watchdog"));
    }
}
