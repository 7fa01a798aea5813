package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.law.Allocation;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.Presets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others published of their fits, held against ours on the same points. */
class PublishedFitsTest {

    private static final FitOptions OPTIONS = FitOptions.DEFAULT;
    private static final LawEstimator ESTIMATOR = LawEstimators.chinchilla();

    private static LawFit fit(LawPoints points) {
        return RealFinals.found(ESTIMATOR.fit(points, OPTIONS));
    }

    /** F of laws that others fitted, from an independent program. */
    @Test
    void objective_ofPublishedLawsOnEpochs240Points_isTheKnownValue() {
        LawPoints points = EpochData.published().points();
        double optimum = fit(points).objective();
        assertObjective(
                points, optimum, (ChinchillaLaw) Presets.named("hoffmann-tex").law(), 1.231162602579e-3);
        assertObjective(
                points, optimum, (ChinchillaLaw) Presets.named("hoffmann").law(), 4.121009136280e-3);
        ChinchillaLaw epochs = ChinchillaLaw.ofLogs(
                6.177955975826981, 7.6427323622433505, .5971119597824348, .34781302903942635, .3658541172951044);
        assertObjective(points, optimum, epochs, 1.018644750576e-3);
        assertObjective(points, optimum, (ChinchillaLaw) Presets.named("epoch").law(), 1.018274017801e-3);
    }

    private static void assertObjective(LawPoints points, double optimum, ChinchillaLaw law, double known) {
        double objective = RealFinals.objective(points, OPTIONS.delta(), law);
        assertThat(objective).isCloseTo(known, within(1e-12 * known + 5e-16));
        assertThat(optimum).isLessThanOrEqualTo(objective * (1 + 1e-12));
    }

    /** The five points that Epoch dropped move the exponent of N* by a tenth of itself. */
    @Test
    void fit_all245Points_isTheKnownLaw() {
        LawFit fit = fit(EpochData.all().points());
        ChinchillaLaw law = (ChinchillaLaw) fit.law();
        assertThat(fit.objective()).isCloseTo(1.826010523e-3, within(5e-13));
        assertThat(law.A()).isCloseTo(495.726, within(2e-3));
        assertThat(law.B()).isCloseTo(12845.6, within(0.1));
        assertThat(law.E()).isCloseTo(1.891339, within(1e-6));
        assertThat(law.alpha()).isCloseTo(.349313, within(1e-6));
        assertThat(law.beta()).isCloseTo(.453049, within(1e-6));
        assertThat(law.exponentOfParams()).isCloseTo(.564644, within(1e-6));
    }

    /**
     * The example of a package whose loss is an asymmetric absolute error, which seeks the lower edge of the points: its
     * coefficients cannot be ours. What can be compared is F, the closed form at 1e24 FLOPs, and that theirs lies below.
     */
    @Test
    void fit_anotherPackagesExample_liesJustAboveItsLowerEdge() {
        List<RealFinals.Row> rows = RealFinals.rows("kyo_chinchilla/finals.csv");
        LawPoints points = RealFinals.points(rows, RealFinals.Row::params);
        ChinchillaLaw theirs = new ChinchillaLaw(1.7002408, 184.6915, 1633.4787, .2890076, .3557941);
        ChinchillaLaw ours = (ChinchillaLaw) fit(points).law();
        assertThat(fit(points).objective()).isLessThan(RealFinals.objective(points, OPTIONS.delta(), theirs));

        Allocation theirBest = theirs.optimum(1e24);
        assertThat(theirBest.params()).isCloseTo(160.48e9, within(2e-4 * 160.48e9));
        assertThat(theirBest.tokens()).isCloseTo(1.0385e12, within(2e-4 * 1.0385e12));

        double[] apart = new double[rows.size()];
        for (int i = 0; i < apart.length; i++) {
            RealFinals.Row row = rows.get(i);
            apart[i] = ours.loss(row.params(), row.tokens()) / theirs.loss(row.params(), row.tokens()) - 1;
        }
        Arrays.sort(apart);
        double most = apart[apart.length - 1];
        System.out.printf("ours over theirs: %.4f to %.4f, median %.4f%n", apart[0], most, apart[apart.length / 2]);
        assertThat(apart[0]).isNotNegative();
        assertThat(most).isLessThan(0.025);
        System.out.println("at 1e24 FLOPs theirs " + theirBest + ", ours " + ours.optimum(1e24));
    }
}
