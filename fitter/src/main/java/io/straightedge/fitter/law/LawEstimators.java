package io.straightedge.fitter.law;

import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.FarseerLaw;
import io.straightedge.protocol.law.GammaLaw;
import io.straightedge.protocol.law.KaplanLaw;
import io.straightedge.protocol.law.OvertrainingLaw;
import io.straightedge.protocol.law.RunLaw;
import io.straightedge.protocol.law.Variable;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The estimators that a law is chosen among. */
public final class LawEstimators {

    private static final LawEstimator CHINCHILLA = new RobustFit(
            "chinchilla",
            new ChinchillaLaw(1, 1, 1, 1, 1),
            points -> new LogHuber(new CentredLogs(points)),
            (points, objective) -> StartGrid.of(new CentredLogs(points), objective));

    private static final LawEstimator GAMMA = new RobustFit(
            "chinchilla-gamma",
            new GammaLaw(1, 1, 1, 1, 1, 1),
            points -> new GammaHuber(new CentredLogs(points)),
            (points, objective) -> FormStarts.gamma(points).stream()
                    .map(objective::coordinates)
                    .toList());

    private static final List<LawEstimator> ALL = List.of(
            CHINCHILLA,
            GAMMA,
            general(
                    "overtraining",
                    new OvertrainingLaw(1, 1, 1, 1),
                    FormStarts::overtraining,
                    points -> Coordinates.PLAIN),
            general("farseer", new FarseerLaw(0, 0, 0, 0, 0, 0, 0, 0, 0), FormStarts::farseer, FarseerCoordinates::new),
            general("kaplan", new KaplanLaw(1, 1, 1, 1), FormStarts::kaplan, points -> Coordinates.PLAIN),
            new PowerFit(Variable.PARAMS),
            new PowerFit(Variable.TOKENS),
            new PowerFit(Variable.COMPUTE),
            new SaturatingFit());

    private LawEstimators() {}

    /** Approach 3 for L(N, D) = E + A N^-alpha + B D^-beta. */
    public static LawEstimator chinchilla() {
        return CHINCHILLA;
    }

    /** Approach 3 for the form with an exponent about the sum. */
    public static LawEstimator gamma() {
        return GAMMA;
    }

    /** All, Chinchilla first. */
    public static List<LawEstimator> all() {
        return ALL;
    }

    /** The one called {@code name}; throws IllegalArgumentException, listing the names, when there is none. */
    public static LawEstimator named(String name) {
        return ALL.stream()
                .filter(estimator -> estimator.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no law is called " + name + "; there are "
                        + ALL.stream().map(LawEstimator::name).collect(Collectors.joining(", "))));
    }

    private static LawEstimator general(
            String name,
            RunLaw form,
            Function<LawPoints, List<double[]>> starts,
            Function<LawPoints, Coordinates> coordinates) {
        return new RobustFit(
                name,
                form,
                points -> new LawHuber(form, points, coordinates.apply(points)),
                (points, objective) -> starts.apply(points).stream()
                        .map(objective::coordinates)
                        .toList());
    }
}
