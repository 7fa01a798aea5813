package io.straightedge.deploy.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has logged in to the page: by session, the token that it was opened with. A session ends after twelve hours, with its
 * token, when it is closed, and when the process ends. Thread-safe.
 */
public final class Sessions {

    /** How long one lasts. */
    public static final Duration LASTS = Duration.ofHours(12);

    private static final int MAX_SESSIONS = 10_000;

    private record Session(Token token, Instant until) {}

    private final TokenFile tokens;
    private final InstantSource clock;

    /** By the hash of a session's text: a heap dump opens no session. */
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    public Sessions(TokenFile tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Begins one; its text, which is told to nobody but the browser. */
    public synchronized String open(Token token) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> !now.isBefore(session.until()));
        if (sessions.size() >= MAX_SESSIONS) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String text = Token.text();
        sessions.put(Token.hash(text), new Session(token, now.plus(LASTS)));
        return text;
    }

    /** The token of a session that lasts; else null. */
    public synchronized @Nullable Token find(String text) {
        if (text.isEmpty() || text.length() > Token.MAX_TEXT) {
            return null;
        }
        Session session = sessions.get(Token.hash(text));
        return session != null && clock.instant().isBefore(session.until()) ? tokens.still(session.token()) : null;
    }

    /** Ends one. */
    public synchronized void close(String text) {
        sessions.remove(Token.hash(text));
    }
}
