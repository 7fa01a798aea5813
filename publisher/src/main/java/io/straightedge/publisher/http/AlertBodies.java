package io.straightedge.publisher.http;

import io.straightedge.protocol.run.Names;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people post about alerts, checked and made into commands. Pure. */
final class AlertBodies {

    private static final int MAX_COMMENT = 1000;
    private static final int MAX_MATCHERS = 20;

    private AlertBodies() {}

    /** The body of an acknowledgement. */
    record Acknowledgement(@Nullable String by, @Nullable String comment) {

        /** @param caller who is named when the body names nobody */
        AlertCommand command(Alert alert, @Nullable String caller, Instant now) {
            return new AlertCommand(
                    "ack/" + alert.id(),
                    alert.study(),
                    AlertCommand.Action.ACKNOWLEDGE,
                    alert.id(),
                    person(by, caller),
                    checkedComment(comment),
                    now,
                    Map.of(),
                    null,
                    null);
        }
    }

    /**
     * The body of a silence.
     *
     * @param name what it is ended or replaced by; its matchers unless given
     */
    record Silence(
            @Nullable String study,
            @Nullable String name,
            @Nullable Map<String, @Nullable String> matchers,
            @Nullable Instant until,
            @Nullable String by,
            @Nullable String comment) {

        /** @param caller who is named when the body names nobody */
        AlertCommand command(@Nullable String caller, Instant now) {
            String ofStudy = Names.require(study, "study");
            Map<String, String> checked = checkedMatchers(matchers);
            if (until == null || !until.isAfter(now)) {
                throw new IllegalArgumentException("until must be a time to come, such as " + now.plusSeconds(3600));
            }
            return silence(
                    ofStudy, name == null ? joined(checked) : name, checked, until, person(by, caller), comment, now);
        }
    }

    /** The end of a silence, now. */
    static AlertCommand expired(String study, String name, @Nullable String caller, Instant now) {
        return silence(study, name, Map.of(), null, caller, null, now);
    }

    private static AlertCommand silence(
            String study,
            String name,
            Map<String, String> matchers,
            @Nullable Instant until,
            @Nullable String by,
            @Nullable String comment,
            Instant now) {
        return new AlertCommand(
                "silence/" + encoded(study) + "/" + encoded(Names.require(name, "name")),
                study,
                AlertCommand.Action.SILENCE,
                null,
                by,
                checkedComment(comment),
                now,
                matchers,
                until,
                null);
    }

    private static Map<String, String> checkedMatchers(@Nullable Map<String, @Nullable String> given) {
        if (given == null || given.isEmpty() || given.size() > MAX_MATCHERS) {
            throw new IllegalArgumentException("matchers must hold 1 to " + MAX_MATCHERS
                    + " labels with their values, such as {\"run\": \"7b*\"}; {\"rule\": \"*\"} is every alert");
        }
        Map<String, String> checked = new TreeMap<>();
        given.forEach((label, value) ->
                checked.put(Names.require(label, "a matcher's label"), Names.require(value, "a matcher's value")));
        return checked;
    }

    private static String joined(Map<String, String> matchers) {
        String joined = matchers.entrySet().stream()
                .map(matcher -> matcher.getKey() + "=" + matcher.getValue())
                .collect(Collectors.joining(","));
        return joined.substring(0, Math.min(joined.length(), Names.MAX_LENGTH));
    }

    private static @Nullable String person(@Nullable String by, @Nullable String caller) {
        return by == null || by.isBlank() ? caller : Names.require(by, "by");
    }

    private static @Nullable String checkedComment(@Nullable String comment) {
        if (comment != null && comment.length() > MAX_COMMENT) {
            throw new IllegalArgumentException(
                    "comment has " + comment.length() + " characters: at most " + MAX_COMMENT + " are allowed");
        }
        return comment;
    }

    private static String encoded(String name) {
        return name.replace("%", "%25").replace("/", "%2F");
    }
}
