package io.straightedge.ingest.http;

import io.straightedge.protocol.access.Allowance;

/** What a request takes from its caller's allowance; the same for all ways in. */
public final class Points {

    private Points() {}

    /**
     * Takes all of them at once.
     *
     * @throws Refusal with 429 and the seconds to wait, when the allowance is used up; then nothing is taken
     */
    public static void take(Allowance allowance, int points) {
        int seconds = points == 0 ? 0 : allowance.take(points);
        if (seconds > 0) {
            throw new Refusal(429, "the token's points per second are used up: nothing of this was taken", seconds);
        }
    }
}
