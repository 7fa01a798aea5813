package io.straightedge.protocol.run;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What N, D and L mean in a study, and what to recommend for it. Optional; a later one replaces an earlier one.
 *
 * @param paramsCount what N counts; unknown when null
 * @param lossUnit the unit of the losses in this study's events; nats when null
 * @param bytesPerToken needed when the unit is bits per byte
 * @param primarySplit the split whose curve feeds the law; {@code train} when null
 * @param undecayedPoints whether points of runs whose learning rate has not decayed may feed the law
 * @param budgetsFlops compute budgets to recommend for, in FLOPs
 */
public record StudyDefinition(
        String study,
        @Nullable ParameterCount paramsCount,
        @Nullable LossUnit lossUnit,
        @Nullable Double bytesPerToken,
        @Nullable String primarySplit,
        @Nullable Boolean undecayedPoints,
        List<Double> budgetsFlops,
        @Nullable StudyClock clock,
        @Nullable String owner,
        Map<String, String> labels)
        implements TrainingEvent {

    public StudyDefinition {
        Names.require(study, "study");
        Names.requirePositive(bytesPerToken, "bytesPerToken");
        budgetsFlops = budgetsFlops == null ? List.of() : List.copyOf(budgetsFlops);
        budgetsFlops.forEach(budget -> Names.requirePositive(budget, "budgetsFlops"));
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        if (lossUnit == LossUnit.BITS_PER_BYTE && bytesPerToken == null) {
            throw new IllegalArgumentException("lossUnit is bits-per-byte: bytesPerToken is needed to convert it");
        }
    }

    /** Factor from the logged unit to nats per token. */
    public double natsPerUnit() {
        double ln2 = Math.log(2);
        if (lossUnit == LossUnit.BITS) {
            return ln2;
        }
        return lossUnit == LossUnit.BITS_PER_BYTE && bytesPerToken != null ? ln2 * bytesPerToken : 1;
    }
}
