package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.law.OvertrainingLaw;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Gadre's forecast of large and over-trained models from five small runs, on RedPajama, by the loss on C4.
 *
 * <p>The split is the authors' own: 11M, 79M, 154M and 411M parameters at 20 tokens a parameter, and 11M at 320; forecast are
 * 1.4B at 640 and 6.9B at 20. RedPajama is the one training set with a run of 1.4B at 640.
 *
 * @see "Gadre et al. 2024, arXiv 2403.08540, table 2 for the split"
 */
class OvertrainingForecastTest {

    private static final String TRAINED_ON = "gadre_rpj";
    private static final LawEstimator ESTIMATOR = LawEstimators.named("overtraining");

    private static double multiplier(RealFinals.Row row) {
        return Double.parseDouble(row.cells().get(7));
    }

    private static LawPoints small(List<RealFinals.Row> rows) {
        List<RealFinals.Row> small = RealFinals.select(
                rows,
                row -> row.family().equals(TRAINED_ON)
                        && row.params() < 5e8
                        && (multiplier(row) == 1 || (row.params() < 2e7 && multiplier(row) == 16)));
        assertThat(small).hasSize(5);
        return RealFinals.points(small, RealFinals.Row::params);
    }

    /** |L(N, D)/L - 1| of the 1.4B run at 640 tokens a parameter, and of the 6.9B run at 20. */
    private static double[] errors(List<RealFinals.Row> rows, LawFit fit) {
        return rows.stream()
                .filter(row -> row.family().equals(TRAINED_ON))
                .filter(row ->
                        (row.params() > 1e9 && row.params() < 2e9 && multiplier(row) == 32) || row.params() > 6e9)
                .mapToDouble(row -> Math.abs(fit.law().loss(row.params(), row.tokens()) / row.loss() - 1))
                .toArray();
    }

    @Test
    void fit_fiveSmallRuns_forecastsLargeOnesAtLeastAsWellAsPublished() {
        List<RealFinals.Row> rows = RealFinals.rows("gadre/finals.csv");
        LawFit fit = RealFinals.found(ESTIMATOR.fit(small(rows), FitOptions.DEFAULT));
        double[] errors = errors(rows, fit);
        System.out.println(fit.law() + ": errors " + Arrays.toString(errors) + ", doubts " + fit.diagnostics());
        assertThat(errors).hasSize(2);
        assertThat(errors[0]).isLessThanOrEqualTo(0.007103);
        assertThat(errors[1]).isLessThanOrEqualTo(0.007320);
    }

    /** With weights L^2 and a wide bound the objective is, to first order, the authors' sum of squares of L: so are the errors. */
    @Test
    void fit_asLeastSquaresOfTheLoss_hasThePublishedErrors() {
        List<RealFinals.Row> rows = RealFinals.rows("gadre/finals.csv");
        LawPoints small = small(rows);
        double[] squares = new double[small.size()];
        for (int i = 0; i < squares.length; i++) {
            squares[i] = small.loss(i) * small.loss(i);
        }
        LawFit fit = RealFinals.found(ESTIMATOR.fit(small.weighted(squares), FitOptions.DEFAULT.withDelta(10)));
        double[] errors = errors(rows, fit);
        System.out.println(fit.law() + ": errors " + Arrays.toString(errors));
        assertThat(((OvertrainingLaw) fit.law()).E()).isPositive();
        assertThat(errors[0]).isCloseTo(0.007103, within(3e-4));
        assertThat(errors[1]).isCloseTo(0.007320, within(3e-4));
    }
}
