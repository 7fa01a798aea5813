package io.straightedge.protocol.fit;

import java.util.List;

/**
 * What was forecast of a finished run, and what came. Key {@code study/run/split}.
 *
 * @param finalLoss the final loss that came, nats per token
 * @param entries by rising fraction of the run
 */
public record ForecastScore(
        String study, String run, String split, String id, long sequence, double finalLoss, List<Entry> entries) {

    /**
     * One forecast kept.
     *
     * @param fraction of the planned steps at which it was made
     */
    public record Entry(double fraction, Forecast forecast) {

        /** Whether the 80 % interval held the loss that came. */
        public boolean inside80(double loss) {
            return loss >= forecast.lower80() && loss <= forecast.upper80();
        }

        /** Whether the 95 % interval held the loss that came. */
        public boolean inside95(double loss) {
            return loss >= forecast.lower95() && loss <= forecast.upper95();
        }
    }

    public ForecastScore {
        entries = entries == null ? List.of() : List.copyOf(entries);
    }

    /** The topic key. */
    public String key() {
        return study + "/" + run + "/" + split;
    }
}
