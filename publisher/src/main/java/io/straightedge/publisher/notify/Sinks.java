package io.straightedge.publisher.notify;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/** Sinks from their specifications; secrets are read here. */
final class Sinks {

    /** How long one message may take. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger ALERTS = LoggerFactory.getLogger("io.straightedge.alerts");
    private static final String ALERTMANAGER_PATH = "/api/v2/alerts";

    private final LoopResources loops;
    private final @Nullable URI page;

    private Sinks(LoopResources loops, @Nullable URI page) {
        this.loops = loops;
        this.page = page;
    }

    /**
     * All of them.
     *
     * @param page under which address people find the dashboard, for links
     * @throws IllegalArgumentException which names the sink that cannot be used and says why
     */
    static List<Sink> of(List<SinkSpec> specs, LoopResources loops, @Nullable URI page) {
        Sinks sinks = new Sinks(loops, page);
        Set<String> names = new HashSet<>();
        List<Sink> made = new ArrayList<>();
        for (SinkSpec spec : specs) {
            try {
                if (spec.name().isBlank() || !names.add(spec.name())) {
                    throw new IllegalArgumentException("each sink needs a name of its own");
                }
                made.add(sinks.sink(spec));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("sink '" + spec.name() + "': " + e.getMessage(), e);
            }
        }
        return List.copyOf(made);
    }

    private Sink sink(SinkSpec spec) {
        return switch (spec.kind()) {
            case LOG -> new LogSink(new Recipient(spec.name(), false, false, true), ALERTS::warn);
            case ALERTMANAGER ->
                new AlertmanagerSink(
                        new Recipient(spec.name(), true, false, false),
                        api(url(spec)),
                        bearer(spec),
                        outbound(spec),
                        page);
            case ALERTMANAGER_WEBHOOK ->
                new AlertmanagerWebhookSink(plain(spec), url(spec), bearer(spec), outbound(spec), page);
            case SLACK -> new SlackSink(plain(spec), slack(spec), outbound(spec), page);
            case PAGERDUTY ->
                new PagerDutySink(
                        new Recipient(spec.name(), false, true, false),
                        spec.url() == null ? PagerDutySink.USUAL : url(spec),
                        secret(spec, "a file with its routing key"),
                        outbound(spec),
                        page);
            case WEBHOOK -> new WebhookSink(plain(spec), url(spec), keys(spec), outbound(spec), page);
        };
    }

    private Outbound outbound(SinkSpec spec) {
        AddressRules rules = AddressRules.allowing(spec.allowPrivate());
        return new Outbound(rules, spec.allowHttp(), Outbound.Lookup.SYSTEM, PATIENCE, loops);
    }

    private static Recipient plain(SinkSpec spec) {
        return new Recipient(spec.name(), false, false, false);
    }

    private static URI url(SinkSpec spec) {
        if (spec.url() == null) {
            throw new IllegalArgumentException("it needs a url");
        }
        return checked(spec.url(), spec);
    }

    private static URI checked(URI url, SinkSpec spec) {
        Destination.of(url, spec.allowHttp());
        return url;
    }

    /** The path of the API behind that under which Alertmanager is served. */
    private static URI api(URI url) {
        String text = url.toString().replaceAll("/+$", "");
        return text.endsWith(ALERTMANAGER_PATH) ? url : URI.create(text + ALERTMANAGER_PATH);
    }

    private static Map<String, String> bearer(SinkSpec spec) {
        return spec.secrets().isEmpty()
                ? Map.of()
                : Map.of(
                        "authorization",
                        "Bearer " + Secret.read(spec.secrets().get(0)).text());
    }

    private static Secret secret(SinkSpec spec, String what) {
        if (spec.secrets().isEmpty()) {
            throw new IllegalArgumentException("it needs " + what);
        }
        return Secret.read(spec.secrets().get(0));
    }

    private static List<Secret> keys(SinkSpec spec) {
        secret(spec, "a file with its signing key");
        List<Secret> keys = spec.secrets().stream().map(Secret::read).toList();
        if (keys.stream().anyMatch(key -> WebhookSink.bytes(key).length == 0)) {
            throw new IllegalArgumentException("its signing key is empty");
        }
        return keys;
    }

    private static Secret slack(SinkSpec spec) {
        Secret address =
                spec.url() != null ? new Secret(spec.url().toString()) : secret(spec, "a file with its address");
        try {
            checked(URI.create(address.text()), spec);
        } catch (IllegalArgumentException e) {
            // The address is the secret: its own words are not passed on.
            String why = e.getMessage() != null && e.getMessage().contains(address.text()) ? "" : ": " + e.getMessage();
            throw new IllegalArgumentException("its address cannot be used" + why);
        }
        return address;
    }
}
