package io.straightedge.fitter.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.fitter.law.FitOptions;
import io.straightedge.fitter.law.Found;
import io.straightedge.fitter.law.LawEstimators;
import io.straightedge.fitter.law.LawFit;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Noise-free grids of 15 sizes in five budgets. The published errors of D* at 1e24 were computed in double precision:
 * they agree with an evaluation in 50 digits to 1.6e-10 per cent, so that is what their last digits hold.
 */
class IsoFlopBiasTest {

    private static final ChinchillaLaw CHINCHILLA = new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28);
    private static final ChinchillaLaw ASYMMETRIC = new ChinchillaLaw(1.69, 406.4, 410.7, 0.465, 0.155);
    private static final ChinchillaLaw SYMMETRIC = new ChinchillaLaw(1.69, 400, 400, 0.31, 0.31);
    private static final double[] BUDGETS = {1e17, 1e18, 1e19, 1e20, 1e21};
    private static final int SIZES = 15;
    private static final double FAR = 1e24;

    private static ChinchillaLaw law(String name) {
        return switch (name) {
            case "chinchilla" -> CHINCHILLA;
            case "asymmetric" -> ASYMMETRIC;
            default -> SYMMETRIC;
        };
    }

    /**
     * Sizes from a {@code factor}-th of the centre to {@code factor} times it; the centre is N* over {@code offset}.
     */
    static LawPoints grid(ChinchillaLaw law, double factor, double offset) {
        int n = BUDGETS.length * SIZES;
        double[] params = new double[n];
        double[] tokens = new double[n];
        double[] loss = new double[n];
        for (int i = 0; i < n; i++) {
            double flops = BUDGETS[i / SIZES];
            double w = 2.0 * (i % SIZES) / (SIZES - 1) - 1;
            params[i] = law.optimum(flops).params() / offset * Math.pow(factor, w);
            tokens[i] = flops / (6 * params[i]);
            loss[i] = law.loss(params[i], tokens[i]);
        }
        return LawPoints.of(params, tokens, loss);
    }

    private static IsoFlopTrends trends(LawPoints points) {
        return Found.in(IsoFlopFit.fit(points, IsoFlopOptions.DEFAULT));
    }

    private static IsoFlopReading parabola(IsoFlopTrends trends) {
        assertThat(trends.parabola()).isNotNull();
        return Objects.requireNonNull(trends.parabola());
    }

    private static double errorOfTokens(IsoFlopReading reading, ChinchillaLaw law) {
        return 100 * (reading.tokens().at(FAR) / law.optimum(FAR).tokens() - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "chinchilla, 2, 1, -0.326937803733, -0.3269378037571896",
        "chinchilla, 4, 1, -1.301125043704, -1.301125043713238",
        "chinchilla, 8, 1, -2.902904738135, -2.902904738122467",
        "chinchilla, 16, 1, -5.100244551712, -5.100244551756302",
        "asymmetric, 2, 1, -1.674747716507, -1.67474771648939",
        "asymmetric, 4, 1, -6.497778742084, -6.497778742077074",
        "asymmetric, 8, 1, -13.910418584295, -13.91041858429167",
        "asymmetric, 16, 1, -23.116308048545, -23.11630804854372",
        "symmetric, 2, 3, 3.974243556888, 3.974243556732226",
        "symmetric, 4, 3, 3.471817881449, 3.471817881451683",
        "symmetric, 8, 3, 2.645165430357, 2.645165430357932",
        "symmetric, 16, 3, 1.509792259843, 1.509792259783731",
        "symmetric, 2, 1, 0, 0",
        "symmetric, 16, 1, 0, 0",
    })
    void parabola_noiseFreeGrid_isOffByThePublishedError(
            String name, double factor, double offset, double published, double exact) {
        ChinchillaLaw law = law(name);
        LawPoints points = grid(law, factor, offset);
        if (offset < factor) {
            IsoFlopReading reading = parabola(trends(points));
            double error = errorOfTokens(reading, law);
            assertThat(error).isCloseTo(published, within(2e-10));
            assertThat(error).isCloseTo(exact, within(2e-11));
            assertThat(reading.params().exponent()).isCloseTo(law.exponentOfParams(), within(1e-12));
        } else {
            // The vertex lies outside the sizes that were run: it is a shift of the formula, but no minimum of ours.
            assertThat(IsoFlopFit.fit(points, IsoFlopOptions.DEFAULT)).isInstanceOf(Outcome.Refused.class);
        }

        // The general form, on the actual grid of each budget.
        for (int budget = 0; budget < BUDGETS.length; budget++) {
            List<Integer> members = IntStream.range(budget * SIZES, (budget + 1) * SIZES)
                    .boxed()
                    .toList();
            IsoFlopBias.Shift shift = IsoFlopBias.of(law, points, members);
            assertThat(100 * Math.expm1(shift.logTokens())).isCloseTo(published, within(2e-10));
            assertThat(100 * Math.expm1(shift.logTokens())).isCloseTo(exact, within(2e-11));
            assertThat(shift.logParams()).isCloseTo(-shift.logTokens(), within(1e-12));
        }
        // The closed form, where the grid is centred.
        if (offset == 1) {
            double shift = IsoFlopBias.symmetricShift(law.alpha(), law.beta(), Math.log10(factor), SIZES);
            assertThat(100 * (Math.pow(10, -shift) - 1)).isCloseTo(exact, within(1e-11));
        }
    }

    @Test
    void optimum_chinchillaAt1e24_isThePublishedTokens() {
        assertThat(CHINCHILLA.optimum(FAR).tokens()).isCloseTo(4.035834749563681e12, within(4e12 * 1e-13));
    }

    /** Approach 3 on the same points, not the law behind them, says what to remove. */
    @ParameterizedTest
    @CsvSource({
        "chinchilla, 2, 1",
        "chinchilla, 16, 1",
        "asymmetric, 4, 1",
        "asymmetric, 16, 1",
        "symmetric, 8, 3",
        "symmetric, 16, 3"
    })
    void corrected_noiseFreeGrid_tokensWithinAHundredthOfAPerCent(String name, double factor, double offset) {
        ChinchillaLaw truth = law(name);
        LawPoints points = grid(truth, factor, offset);
        LawFit fit = Found.in(LawEstimators.chinchilla().fit(points, FitOptions.DEFAULT));
        IsoFlopTrends trends = trends(points);
        IsoFlopBias.Corrected corrected = Found.in(IsoFlopBias.corrected(trends, points, (ChinchillaLaw) fit.law()));
        double left = errorOfTokens(corrected.reading(), truth);
        System.out.printf(
                "%s x%.0f off %.0f: D* at 1e24 off by %.4f %%, corrected %.2e %%; %s%n",
                name, factor, offset, errorOfTokens(parabola(trends), truth), left, corrected.summary());
        assertThat(left).isCloseTo(0, within(0.01));
        assertThat(corrected.shifts()).hasSize(BUDGETS.length);
        assertThat(corrected.summary()).contains("biased by").contains("over 5 budgets");
    }

    @Test
    void corrected_budgetsThatAreNotSixNd_isRefused() {
        LawPoints grid = grid(CHINCHILLA, 4, 1);
        double[] params = new double[grid.size()];
        double[] tokens = new double[grid.size()];
        double[] flops = new double[grid.size()];
        double[] loss = new double[grid.size()];
        double[] ones = new double[grid.size()];
        int[] run = new int[grid.size()];
        for (int i = 0; i < grid.size(); i++) {
            params[i] = grid.params(i);
            tokens[i] = grid.tokens(i) * Math.pow(params[i] / 1e8, -0.1);
            flops[i] = grid.flops(i);
            loss[i] = CHINCHILLA.loss(params[i], tokens[i]);
            ones[i] = 1;
            run[i] = i;
        }
        LawPoints points = LawPoints.of(params, tokens, flops, loss, ones, run);
        IsoFlopTrends trends = trends(points);
        assertThat(trends.diagnostics()).anyMatch(d -> d.contains("not proportional to ND"));
        assertThat(IsoFlopBias.corrected(trends, points, CHINCHILLA)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void symmetricShift_badArguments_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> IsoFlopBias.symmetricShift(0, 0.3, 1, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> IsoFlopBias.symmetricShift(0.3, 0.3, 1, 2));
    }
}
