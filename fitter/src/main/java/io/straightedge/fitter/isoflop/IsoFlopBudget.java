package io.straightedge.fitter.isoflop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one budget and its minima.
 *
 * @param flops C: the label where one was given, else the geometric mean of the points' C
 * @param members indices of its points
 * @param sizes how many different N they have
 * @param curvature p of the parabola in ln N, nats
 * @param parabola its minimum by the parabola; null where that was discarded
 * @param akima its minimum by Akima's spline; null where that was discarded
 */
public record IsoFlopBudget(
        double flops,
        List<Integer> members,
        int sizes,
        double curvature,
        @Nullable IsoFlopMinimum parabola,
        @Nullable IsoFlopMinimum akima) {

    public IsoFlopBudget {
        members = List.copyOf(members);
    }
}
