package io.straightedge.protocol.fit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was forecast of a finished run, and what came. Key {@code study/run/split}.
 *
 * @param finalLoss the final loss that came, nats per token
 * @param entries by rising step
 * @param endStep the last step of the run; null in messages that were written before it was told
 */
public record ForecastScore(
        String study,
        String run,
        String split,
        String id,
        long sequence,
        double finalLoss,
        List<Entry> entries,
        @Nullable Long endStep) {

    /**
     * One forecast kept. What older messages do not have is null or empty.
     *
     * @param fraction of the steps that the run came to have, at which it was made
     * @param step at which it was made
     * @param plannedSteps the planned end that it was made for
     * @param z (what came - mean) / scale; null when the forecast is not scored
     * @param method whose forecast was in force, {@code law} or {@code history} or {@code mixed}
     * @param parts what each method said by itself, by its name
     * @param unscored why it is not scored, in words; null when it is
     */
    public record Entry(
            double fraction,
            Forecast forecast,
            @Nullable Long step,
            @Nullable Long plannedSteps,
            @Nullable Double z,
            @Nullable String method,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Part> parts,
            @Nullable String unscored) {

        public Entry {
            parts = parts == null ? Map.of() : Map.copyOf(parts);
        }

        /** Whether the 80 % interval held the loss that came. */
        public boolean inside80(double loss) {
            return loss >= forecast.lower80() && loss <= forecast.upper80();
        }

        /** Whether the 95 % interval held the loss that came. */
        public boolean inside95(double loss) {
            return loss >= forecast.lower95() && loss <= forecast.upper95();
        }
    }

    /** What one method said: mean and scale, nats per token. */
    public record Part(double mean, double scale) {}

    public ForecastScore {
        entries = entries == null ? List.of() : List.copyOf(entries);
    }

    /** The topic key. */
    public String key() {
        return study + "/" + run + "/" + split;
    }
}
