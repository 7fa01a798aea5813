package io.straightedge.fitter.law;

import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.SaturatingLaw;
import io.straightedge.protocol.law.Variable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** L(C) = E + A C^-a through the {@link Frontier} of compute: Kaplan's L(C) with an irreducible loss. */
final class SaturatingFit implements LawEstimator {

    private static final SaturatingLaw FORM = new SaturatingLaw(Variable.COMPUTE, 1, 1, 1);

    private final RobustFit fit = new RobustFit(
            "saturating",
            FORM,
            points -> new LawHuber(FORM, points, Coordinates.PLAIN),
            (points, objective) -> FormStarts.saturating(points, points::flops).stream()
                    .map(objective::coordinates)
                    .toList());

    @Override
    public String name() {
        return fit.name();
    }

    @Override
    public Outcome<LawFit> fit(LawPoints points, FitOptions options) {
        return fit.fit(Frontier.of(points, Variable.COMPUTE), options);
    }

    @Override
    public Outcome<LawFit> refit(LawFit previous, LawPoints points, FitOptions options) {
        return fit.refit(previous, Frontier.of(points, Variable.COMPUTE), options);
    }

    @Override
    public double @Nullable [] optimum(LawPoints points, FitOptions options, List<List<Double>> starts) {
        return fit.optimum(Frontier.of(points, Variable.COMPUTE), options, starts);
    }
}
