package io.straightedge.protocol.access;

import reactor.util.context.ContextView;

/**
 * How many points the caller may still send now; the door puts it into the Reactor context beside the {@link Caller}.
 * Thread-safe.
 */
@FunctionalInterface
public interface Allowance {

    /** No bound: where no door stands before the routes, or the server runs without tokens. */
    Allowance UNBOUNDED = points -> 0;

    /**
     * Takes so many points at once.
     *
     * @return 0 when they are taken; else nothing is taken, and it is the seconds to wait before asking again
     */
    int take(int points);

    /** That of the request whose context this is. */
    static Allowance of(ContextView context) {
        return context.hasKey(Allowance.class) ? context.get(Allowance.class) : UNBOUNDED;
    }
}
