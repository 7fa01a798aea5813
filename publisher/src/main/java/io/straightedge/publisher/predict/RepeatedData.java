package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.DataConstrainedLaw;
import io.straightedge.protocol.law.LimitedDataLaw;
import io.straightedge.protocol.law.OvertrainingLaw;
import io.straightedge.protocol.law.Presets;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The best split of a budget when unique tokens are few and may be repeated.
 *
 * <p>How fast a repeated token loses its worth is taken from Muennighoff et al. where the law does not say so itself.
 *
 * @param uniqueTokens U
 * @param params N*
 * @param tokens D*, repetitions counted
 * @param epochs D/U, or 1 when not all of U is needed
 * @param effectiveTokens the fresh tokens that would do as much
 * @param loss nats per token
 * @param lossWithoutLimit the best loss that the budget would buy on unlimited fresh tokens
 * @param caveats what speaks against relying on it, in words
 */
public record RepeatedData(
        double uniqueTokens,
        double params,
        double tokens,
        double epochs,
        double effectiveTokens,
        double loss,
        double lossWithoutLimit,
        List<String> caveats) {

    /** Up to about here repeated tokens are nearly as good as fresh ones. */
    private static final double HARMLESS_EPOCHS = 4;

    public RepeatedData {
        caveats = List.copyOf(caveats);
    }

    /** Null where the law has no Chinchilla form to build on. */
    static @Nullable RepeatedData of(SurfaceLaw law, Allocation best, double uniqueTokens, Support support) {
        DataConstrainedLaw limited = limited(law);
        if (limited == null) {
            return null;
        }
        Allocation optimum = limited.optimum(best.flops(), uniqueTokens);
        double epochs = limited.epochs(optimum.tokens(), uniqueTokens);
        List<String> caveats = new ArrayList<>();
        if (epochs > 1) {
            if (!(law instanceof DataConstrainedLaw || law instanceof LimitedDataLaw)) {
                caveats.add(String.format(
                        Locale.ROOT,
                        "the worth of repeated tokens (decay constants %.4g and %.4g) is that of other runs, on C4 (arXiv 2305.16264), "
                                + "not of this study's",
                        limited.repeatDecayTokens(),
                        limited.repeatDecayParams()));
            }
            if (epochs > HARMLESS_EPOCHS) {
                caveats.add(
                        "beyond about 4 epochs repeated tokens are worth clearly less than fresh ones, and the form cannot "
                                + "say that repetition does harm");
            }
            caveats.addAll(support.beyond(optimum.params(), optimum.tokens()));
        }
        return new RepeatedData(
                uniqueTokens,
                optimum.params(),
                optimum.tokens(),
                epochs,
                limited.effectiveTokens(optimum.tokens(), uniqueTokens),
                optimum.loss(),
                best.loss(),
                caveats);
    }

    private static @Nullable DataConstrainedLaw limited(SurfaceLaw law) {
        if (law instanceof DataConstrainedLaw own) {
            return own;
        }
        if (law instanceof LimitedDataLaw own) {
            return own.law();
        }
        ChinchillaLaw base = law instanceof ChinchillaLaw chinchilla
                ? chinchilla
                : law instanceof OvertrainingLaw overtraining ? overtraining.toChinchilla() : null;
        if (base == null || !(Presets.named("muennighoff-c4").law() instanceof DataConstrainedLaw published)) {
            return null;
        }
        return new DataConstrainedLaw(base, published.repeatDecayTokens(), published.repeatDecayParams());
    }
}
