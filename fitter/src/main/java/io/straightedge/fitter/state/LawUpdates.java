package io.straightedge.fitter.state;

import io.straightedge.fitter.law.ExtrapolationFit;
import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.HoldOut;
import io.straightedge.fitter.law.LawEstimator;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.law.RollingBackTest;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.law.Extrapolation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a study's laws. What feeds them is in {@link StudyPoints}, what is said of them in {@link LawMessage}.
 *
 * <p>Chinchilla's is fitted again when a run ends or a point has moved by more than a quarter of its scale. The others,
 * and the back-tests on which all of them compete, follow when a run ends, enters or leaves: they cost tens of
 * milliseconds.
 */
final class LawUpdates {

    /** A point that has moved by more than this part of its scale calls for a new fit. */
    static final double MOVED = .25;

    private static final LawEstimator CHINCHILLA = LawEstimators.chinchilla();

    /** The laws that compete with Chinchilla's; Farseer's nine coefficients are for offline fits with many points. */
    private static final List<LawEstimator> OTHERS = LawEstimators.all().stream()
            .filter(estimator -> estimator != CHINCHILLA && !estimator.name().equals("farseer"))
            .toList();

    private static final FitOptions OPTIONS = FitOptions.DEFAULT;

    private final @Nullable CurveUpdates curves;

    LawUpdates(@Nullable CurveUpdates curves) {
        this.curves = curves;
    }

    /** Keeps none. */
    static final LawUpdates NONE = new LawUpdates(null);

    /** Names of all laws that a study may have. */
    static List<String> names() {
        return LawEstimators.all().stream().map(LawEstimator::name).toList();
    }

    /** Fits again if there is reason to, and publishes what came of it. */
    void update(StudyState study, List<Emission> out) {
        if (curves == null) {
            return;
        }
        StudyPoints points = new StudyPoints(study, curves);
        if (!moved(study.lawUsed, points.used)) {
            return;
        }
        boolean ended = !finished(study.lawUsed).equals(finished(points.used));
        study.lawUsed = points.used;
        study.lawRevision++;
        study.lawDirty = true;
        LawPoints finals = points.finals();
        Extrapolation extrapolation = found(ExtrapolationFit.of(finals, OPTIONS));
        if (ended) {
            backTest(study, CHINCHILLA, finals);
        }
        LawPoints all = points.lawPoints();
        LawFit previous = study.lawFit;
        Outcome<LawFit> outcome =
                previous == null ? CHINCHILLA.fit(all, OPTIONS) : CHINCHILLA.refit(previous, all, OPTIONS);
        study.lawFit = found(outcome);
        publish(LawMessage.of(study, CHINCHILLA.name(), points, outcome, extrapolation), out);
        if (ended) {
            for (LawEstimator other : OTHERS) {
                backTest(study, other, finals);
                Outcome<LawFit> fit = other.fit(finals, OPTIONS);
                publish(LawMessage.of(study, other.name(), points, fit, extrapolation), out);
            }
        }
    }

    private static void backTest(StudyState study, LawEstimator estimator, LawPoints finals) {
        HoldOut holdOut = found(RollingBackTest.rolling(estimator, finals, OPTIONS));
        if (holdOut == null) {
            study.holdOutPercent.remove(estimator.name());
        } else {
            study.holdOutPercent.put(estimator.name(), holdOut.meanAbsolutePercent());
        }
    }

    private static void publish(LawEstimate estimate, List<Emission> out) {
        out.add(Emission.of(
                Topics.LAW_ESTIMATES,
                estimate.key(),
                Json.write(estimate),
                estimate.id(),
                "io.straightedge.law-estimate.revised.v1"));
    }

    private static <T> @Nullable T found(Outcome<T> outcome) {
        return outcome instanceof Outcome.Found<T> found ? found.value() : null;
    }

    private static Set<String> finished(Map<String, StudyPoints.Used> used) {
        return used.values().stream()
                .map(StudyPoints.Used::point)
                .filter(LawPoint::finished)
                .map(LawPoint::run)
                .collect(Collectors.toSet());
    }

    private static boolean moved(Map<String, StudyPoints.Used> before, Map<String, StudyPoints.Used> now) {
        if (before.size() != now.size()) {
            return true;
        }
        for (Map.Entry<String, StudyPoints.Used> entry : now.entrySet()) {
            StudyPoints.Used used = before.get(entry.getKey());
            if (used == null) {
                return true;
            }
            LawPoint then = used.point();
            LawPoint point = entry.getValue().point();
            boolean same = then.finished() == point.finished()
                    && then.params() == point.params()
                    && then.tokens() == point.tokens()
                    && Math.abs(then.loss() - point.loss())
                            <= MOVED * entry.getValue().scale();
            if (!same) {
                return true;
            }
        }
        return false;
    }
}
