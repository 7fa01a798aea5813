package io.straightedge.publisher.notify;

import io.straightedge.protocol.codec.Json;
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
 * An incoming webhook of Slack. Nothing in a name can call anybody: what Slack takes for markup is escaped, an at sign
 * does not stand before a word, and links are not guessed.
 */
record SlackSink(
        Recipient recipient,
        Secret url,
        Outbound outbound,
        @Nullable URI page) implements Sink {

    private static final int LONGEST_BLOCK = 2900;
    private static final int LONGEST_FALLBACK = 1500;
    private static final Duration SPACING = Duration.ofSeconds(1);

    @Override
    public Mono<Reply> tell(List<Telling> tellings, Instant now) {
        return outbound.post(URI.create(url.text()), Map.of(), body(tellings.get(0), page));
    }

    @Override
    public Duration spacing() {
        return SPACING;
    }

    static byte[] body(Telling telling, @Nullable URI page) {
        String headline = escaped(Words.headline(telling));
        Map<String, String> details = new LinkedHashMap<>(Words.details(telling));
        String summary = escaped(details.getOrDefault("summary", ""));
        details.remove("summary");
        StringBuilder text = new StringBuilder(mark(telling) + " *" + headline + "*\n" + summary);
        details.forEach((name, value) ->
                text.append('\n').append(name.replace('_', ' ')).append(": ").append(escaped(value)));
        String link = Words.link(telling.alert(), page);
        String block = cut(text.toString(), LONGEST_BLOCK);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("text", cut(headline + ": " + summary, LONGEST_FALLBACK));
        body.put("mrkdwn", false);
        body.put("link_names", false);
        body.put("unfurl_links", false);
        List<Object> blocks = new ArrayList<>();
        blocks.add(section(block));
        if (link != null) {
            blocks.add(section("<" + link.replace("&", "&amp;").replace("|", "%7C") + "|Open in Straightedge>"));
        }
        body.put("blocks", blocks);
        return Json.write(body);
    }

    private static Map<String, Object> section(String text) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("type", "mrkdwn");
        words.put("text", text);
        words.put("verbatim", true);
        return Map.of("type", "section", "text", words);
    }

    private static String mark(Telling telling) {
        if (telling.state() == State.RESOLVED) {
            return ":white_check_mark:";
        }
        return switch (telling.severity()) {
            case CRITICAL -> ":rotating_light:";
            case WARNING -> ":warning:";
            case INFO -> ":information_source:";
        };
    }

    /** With the three characters of Slack's markup escaped, and an at sign kept from what follows by no width at all. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "@\u200b");
    }

    /** Cuts, but not within an escape. */
    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - 1;
        int escape = text.lastIndexOf('&', end - 1);
        if (escape >= 0 && escape > end - 5 && text.indexOf(';', escape) >= end) {
            end = escape;
        }
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }
}
