package io.straightedge.deploy.backtest;

import io.straightedge.ingest.history.PastRun;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was forecast of a run at a fraction of its plan.
 *
 * @param truth the final loss that came, nats per token
 * @param guesses by method; empty when the live lane had no forecast
 * @param refused why it had none; null when it had one
 */
record Trial(
        PastRun run,
        double fraction,
        double truth,
        Map<Method, Guess> guesses,
        @Nullable String refused) {

    Trial {
        guesses = Map.copyOf(guesses);
    }
}
