package io.straightedge.publisher.predict;

import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.Plans;
import io.straightedge.protocol.law.ServedPlan;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.List;

/**
 * The model that is as good as the budget's best and cheapest to train and serve together.
 *
 * @param inferenceTokens tokens to serve
 * @param params N
 * @param tokens D to train on
 * @param trainingFlops 6ND
 * @param inferenceFlops 2N for each token served
 * @param totalFlops both
 * @param totalFlopsOfOptimum both, of the model that is cheapest to train
 * @param savedShare what is saved, as a part of the latter
 * @param shareOfParams N/N*
 * @param caveats what speaks against relying on it, in words
 */
public record Served(
        double inferenceTokens,
        double params,
        double tokens,
        double trainingFlops,
        double inferenceFlops,
        double totalFlops,
        double totalFlopsOfOptimum,
        double savedShare,
        double shareOfParams,
        List<String> caveats) {

    public Served {
        caveats = List.copyOf(caveats);
    }

    static Served of(SurfaceLaw law, Allocation best, double inferenceTokens, Support support) {
        ServedPlan plan = Plans.leastTotalCompute(law, best.loss(), inferenceTokens);
        Allocation training = plan.training();
        List<String> caveats = new ArrayList<>();
        caveats.add(
                "a FLOP of serving is taken to cost as much as one of training: where it costs w times, give w times the tokens");
        caveats.addAll(support.beyond(training.params(), training.tokens()));
        return new Served(
                inferenceTokens,
                training.params(),
                training.tokens(),
                training.flops(),
                plan.totalFlops() - training.flops(),
                plan.totalFlops(),
                plan.totalFlopsOfOptimum(),
                plan.savedShare(),
                plan.shareOfParams(),
                caveats);
    }
}
