package io.straightedge.deploy.demo;

import io.straightedge.ingest.simulate.Fault;
import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the demonstration showed, against the truth.
 *
 * @param ok whether every check held
 * @param records sent to Kafka
 * @param events read by the fitter, and what became of them
 */
public record Report(
        boolean ok,
        long seed,
        double seconds,
        long records,
        Events events,
        long deadLetters,
        List<Law> studies,
        List<Run> runs,
        List<Found> faults,
        List<Check> checks) {

    /** The fitter's accounts. */
    public record Events(
            long in, long applied, long duplicate, long late, long forwarded, long deadLetters, boolean balanced) {}

    /**
     * A study's law.
     *
     * @param worstLossError largest relative error of the recovered law's loss at the study's runs and budgets
     */
    public record Law(
            String study,
            ChinchillaLaw truth,
            @Nullable ChinchillaLaw recovered,
            int points,
            double worstLossError,
            List<Advice> advice,
            List<String> diagnostics) {}

    /** What is recommended for a budget, and what would be right. */
    public record Advice(
            double budgetFlops, Allocation truth, @Nullable Allocation recommended) {}

    /** A run's final loss: true, observed, and as forecast on the way. */
    public record Run(
            String study,
            String run,
            String status,
            double trueFinalLoss,
            @Nullable Double observedFinalLoss,
            List<Forecast> forecasts) {}

    /**
     * A forecast of the final loss.
     *
     * @param at the fraction asked for
     * @param fraction at which it was made: the first closed bin from there on
     */
    public record Forecast(
            double at,
            double fraction,
            double loss,
            double lower80,
            double upper80,
            double lower95,
            double upper95,
            double relativeError,
            boolean inside80,
            boolean inside95) {}

    /** An injected fault, and whether it was found. */
    public record Found(
            Fault fault, boolean found, @Nullable Long foundAtStep) {}

    /** One thing that was checked. */
    public record Check(String name, boolean ok, String detail) {}
}
