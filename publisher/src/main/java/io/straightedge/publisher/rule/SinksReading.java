package io.straightedge.publisher.rule;

import io.straightedge.publisher.notify.SinkSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sinks of a rules file: each must have what its kind needs. */
final class SinksReading {

    private static final Pattern NETWORK = Pattern.compile("[0-9a-fA-F.:]+/\\d{1,3}");

    private final YamlProblems problems;

    SinksReading(YamlProblems problems) {
        this.problems = problems;
    }

    /** By name; the log is the only one where there are none, and is known in any case. */
    Map<String, SinkSpec> sinks(YamlBlock all) {
        Map<String, SinkSpec> sinks = new LinkedHashMap<>();
        for (YamlBlock block : all.blocks("sinks", "a sink")) {
            SinkSpec sink = sink(block);
            if (sink != null && sinks.putIfAbsent(sink.name(), sink) != null) {
                problems.at(
                        block.place("name"),
                        "there are two sinks '" + YamlBlock.excerpt(sink.name()) + "': names must differ");
            }
        }
        SinkSpec log = RuleBook.DEFAULT.sinks().get(0);
        sinks.putIfAbsent(log.name(), log);
        return sinks;
    }

    private @Nullable SinkSpec sink(YamlBlock block) {
        String name = block.text("name");
        if (name == null || name.isBlank()) {
            problems.at(block.place("name"), "a sink needs a name");
        }
        if (!block.has("kind")) {
            problems.at(block.place("kind"), "a sink needs a kind: " + kinds());
        }
        SinkSpec.Kind kind = block.word("kind", SinkSpec.Kind.class, SinkSpec.Kind.LOG);
        boolean allowHttp = block.flag("allow-http", false);
        URI url = url(block, allowHttp);
        List<String> secrets = block.texts("secrets");
        List<String> allowPrivate = block.texts("allow-private");
        for (String network : allowPrivate) {
            if (!NETWORK.matcher(network).matches()) {
                problems.at(
                        block.place("allow-private"),
                        "'" + YamlBlock.excerpt(network) + "' is not a network such as 10.0.0.0/8 or fd00::/8");
            }
        }
        block.done();
        if (block.has("kind")) {
            needs(block, kind, url != null || block.has("url"), !secrets.isEmpty());
        }
        return name == null ? null : new SinkSpec(name, kind, url, secrets, allowPrivate, allowHttp);
    }

    private void needs(YamlBlock block, SinkSpec.Kind kind, boolean url, boolean secret) {
        String lacks = switch (kind) {
            case ALERTMANAGER, ALERTMANAGER_WEBHOOK -> url ? null : "a url";
            case WEBHOOK -> !url ? "a url" : secret ? null : "secrets: a file with the signing key";
            case SLACK -> url || secret ? null : "a url, or secrets: a file with the whole address";
            case PAGERDUTY -> secret ? null : "secrets: a file with the routing key";
            case LOG -> null;
        };
        if (lacks != null) {
            problems.at(block.place(), "this sink needs " + lacks);
        }
    }

    private @Nullable URI url(YamlBlock block, boolean allowHttp) {
        String text = block.text("url");
        if (text == null) {
            return null;
        }
        URI url = null;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            // Said below, as for everything else that is no address.
        }
        if (url == null
                || url.getHost() == null
                || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
            problems.at(block.place("url"), "url must be a whole address that begins with https:// and names a host");
            return null;
        }
        if ("http".equals(url.getScheme()) && !allowHttp) {
            problems.at(block.place("url"), "url is plain http: use https, or set allow-http: true");
        }
        if (url.getUserInfo() != null) {
            problems.at(block.place("url"), "url must not hold a user or password: name a file under secrets");
        }
        return url;
    }

    private static String kinds() {
        return Stream.of(SinkSpec.Kind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
