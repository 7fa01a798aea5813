package io.straightedge.protocol.fit;

import java.util.List;
import java.util.Map;

/**
 * What a study's forecasts of final losses have been worth: its scored runs, by fraction of the run. Key
 * {@code study//split}, on the topic of the scores that it sums up; the latest replaces all before it.
 *
 * @param id stable: study, split and sequence
 * @param sequence how many events of the study had been applied
 * @param runs that it speaks of: the last ones scored, at most 256
 * @param fractions by rising fraction; those at which no forecast was scored are left out
 */
public record TrackRecord(String study, String split, String id, long sequence, int runs, List<AtFraction> fractions) {

    public TrackRecord {
        fractions = fractions == null ? List.of() : List.copyOf(fractions);
    }

    /** The topic key; no run's name is empty. */
    public String key() {
        return study + "//" + split;
    }

    /**
     * The forecasts made at about one fraction of their runs, one a run. Losses in nats per token, percentages of the
     * loss that came, both as forecast minus what came.
     *
     * @param n forecasts scored
     * @param coverage50 share of the 50 % intervals that held what came, in [0, 1]
     * @param halfWidth50 median half-width of the 50 % intervals
     * @param factor50 by which the scale of a forecast made here is now multiplied to give its 50 % interval
     * @param methods each method by itself, by its name
     */
    public record AtFraction(
            double fraction,
            int n,
            double coverage50,
            double coverage80,
            double coverage95,
            Errors errors,
            double halfWidth50,
            double halfWidth80,
            double halfWidth95,
            double factor50,
            double factor80,
            double factor95,
            Map<String, Method> methods) {

        public AtFraction {
            methods = methods == null ? Map.of() : Map.copyOf(methods);
        }
    }

    /**
     * One method's own forecasts.
     *
     * @param inForce how often it was the forecast in force
     * @param rootMeanSquareZ of (what came - mean)/scale; 1 where its scales are right
     */
    public record Method(int n, int inForce, Errors errors, double rootMeanSquareZ) {}

    /** Errors of forecasts: of their size the median, the 90 % point and the mean; of their sign the mean. */
    public record Errors(
            double medianNats,
            double p90Nats,
            double meanNats,
            double biasNats,
            double medianPercent,
            double p90Percent,
            double meanPercent,
            double biasPercent) {}
}
