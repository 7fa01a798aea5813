package io.straightedge.publisher.notify;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sink as it was configured.
 *
 * @param name unique among the sinks
 * @param url where to send; null for {@code log} and {@code kafka}
 * @param secrets files with secrets, the present one first: a signing key of a webhook, a routing key of PagerDuty, a
 *     bearer token, or Slack's whole address; read when the process starts
 * @param allowPrivate networks (CIDR) that addresses may lie in although they are not public
 * @param allowHttp whether plain http will do
 */
public record SinkSpec(
        String name, Kind kind, @Nullable URI url, List<String> secrets, List<String> allowPrivate, boolean allowHttp) {

    /** The kinds of sinks. */
    public enum Kind {
        ALERTMANAGER,
        SLACK,
        PAGERDUTY,
        /** A body signed by Standard Webhooks. */
        WEBHOOK,
        /** The body that Alertmanager's own webhook sends. */
        ALERTMANAGER_WEBHOOK,
        LOG
    }

    public SinkSpec {
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        allowPrivate = allowPrivate == null ? List.of() : List.copyOf(allowPrivate);
    }
}
