package io.straightedge.publisher.stream;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.predict.Predictions;
import io.straightedge.publisher.predict.Recommendations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest estimates of one study, and what follows from them.
 *
 * <p>Everything said is a function of what is held; a change says what differs between before and after. So the latest
 * record of every key depends on the latest inputs only, not on how the two topics were interleaved, and a restored
 * join goes on as the lost one would have. Curves are held without their bins. Not thread-safe.
 */
final class StudyJoin {

    private final TreeMap<String, CurveEstimate> curves = new TreeMap<>();
    private final TreeMap<String, LawEstimate> laws = new TreeMap<>();

    /** A run's curve was revised; null when it was forgotten. */
    List<Derived> curve(String key, @Nullable CurveEstimate estimate) {
        LawEstimate law = Recommendations.spokesman(laws);
        CurveEstimate held = curves.get(key);
        Prediction before = held == null ? null : Predictions.of(held, law);
        Prediction after = estimate == null ? null : Predictions.of(estimate, law);
        keep(key, estimate);
        List<Derived> changes = new ArrayList<>();
        compare(key, before, after, changes);
        return changes;
    }

    /** A law was revised; null when it was forgotten. */
    List<Derived> law(String key, @Nullable LawEstimate estimate) {
        LawEstimate before = Recommendations.spokesman(laws);
        keepLaw(key, estimate);
        LawEstimate after = Recommendations.spokesman(laws);
        List<Derived> changes = new ArrayList<>();
        curves.forEach((curveKey, curve) ->
                compare(curveKey, Predictions.of(curve, before), Predictions.of(curve, after), changes));
        Map<String, Recommendation> old = recommendations(before);
        Map<String, Recommendation> fresh = recommendations(after);
        old.keySet().stream()
                .filter(gone -> !fresh.containsKey(gone))
                .forEach(gone -> changes.add(Derived.noRecommendation(gone)));
        fresh.forEach((budgetKey, recommendation) -> {
            if (!recommendation.equals(old.get(budgetKey))) {
                changes.add(Derived.of(recommendation));
            }
        });
        return changes;
    }

    /** Takes an estimate without saying what follows from it. */
    void keep(String key, @Nullable CurveEstimate estimate) {
        if (estimate == null) {
            curves.remove(key);
        } else {
            curves.put(key, withoutBins(estimate));
        }
    }

    void keepLaw(String key, @Nullable LawEstimate estimate) {
        // Keys are study/name, but a study's name may hold slashes itself: the estimate knows its own name.
        laws.values().removeIf(held -> held.key().equals(key));
        if (estimate != null) {
            laws.put(estimate.name(), estimate);
        }
    }

    boolean empty() {
        return curves.isEmpty() && laws.isEmpty();
    }

    private static void compare(
            String key, @Nullable Prediction before, @Nullable Prediction after, List<Derived> changes) {
        if (after != null && !after.equals(before)) {
            changes.add(Derived.of(after));
        } else if (after == null && before != null) {
            changes.add(Derived.noPrediction(key));
        }
    }

    private static Map<String, Recommendation> recommendations(@Nullable LawEstimate law) {
        Map<String, Recommendation> byKey = new LinkedHashMap<>();
        if (law != null) {
            Recommendations.of(law).forEach(recommendation -> byKey.put(recommendation.key(), recommendation));
        }
        return byKey;
    }

    private static CurveEstimate withoutBins(CurveEstimate estimate) {
        return new CurveEstimate(
                estimate.study(),
                estimate.run(),
                estimate.split(),
                estimate.id(),
                estimate.sequence(),
                estimate.revision(),
                estimate.status(),
                estimate.attempt(),
                estimate.params(),
                estimate.paramsCount(),
                estimate.plannedTokens(),
                estimate.plannedSteps(),
                estimate.tokensPerStep(),
                estimate.step(),
                estimate.tokens(),
                estimate.lastLoss(),
                estimate.finite(),
                estimate.form(),
                Map.of(),
                estimate.sigma(),
                List.of(),
                List.of(),
                estimate.finalLoss(),
                estimate.observedFinal(),
                List.of(),
                List.of());
    }
}
