package io.straightedge.fitter.isoflop;

import io.straightedge.fitter.law.Chains;
import io.straightedge.fitter.law.LawPoints;
import io.straightedge.fitter.solve.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Approach 2: the least loss of each budget, and how N* and D* there grow with C.
 *
 * <p>Points are grouped by C with {@link Chains}, or by budget labels where given. A budget needs three different N.
 * Its minimum is read in two ways ({@link Bottom}), along ln N and along ln D apart, so that a budget that is not 6ND
 * shows; then ln N* = a ln C + a0 and ln D* = b ln C + b0 by least squares. With the noise of a seed each line is
 * weighted by 1/sd^2 of its minima. O(n log n), times draws with noise. Refused where neither reading finds minima in
 * two budgets. Deterministic.
 *
 * @see "Hoffmann et al. 2022, arXiv 2203.15556, section 3.2; Porian et al. 2024, arXiv 2406.19146"
 */
public final class IsoFlopFit {

    private static final double NOT_SIX = 0.01;
    private static final double APART = 0.03;

    private final IsoFlopOptions options;
    private final Random random;
    private final BudgetMinima parabolas = new BudgetMinima();
    private final BudgetMinima splines = new BudgetMinima();
    private final List<IsoFlopBudget> budgets = new ArrayList<>();
    private final List<String> discarded = new ArrayList<>();

    private IsoFlopFit(IsoFlopOptions options) {
        this.options = options;
        random = new Random(options.seed());
    }

    /** Budgets by the points' own C. */
    public static Outcome<IsoFlopTrends> fit(LawPoints points, IsoFlopOptions options) {
        IsoFlopFit fit = new IsoFlopFit(options);
        double[] flops = new double[points.size()];
        Arrays.setAll(flops, points::flops);
        for (int[] group : Chains.of(flops)) {
            if (Chains.stretch(flops, group) > Chains.MOST_STRETCH) {
                fit.discarded.add(String.format(
                        Locale.ROOT,
                        "%.3g to %.3g FLOPs: %d points run on without a gap and are no budget",
                        flops[group[0]],
                        flops[group[group.length - 1]],
                        group.length));
            } else {
                fit.read(new BudgetPoints(points, group, geometricMean(flops, group)));
            }
        }
        return fit.trends();
    }

    /**
     * Budgets by labels.
     *
     * @param budgetFlops the budget of each point [n], FLOPs, &gt; 0 and finite; points of the same label are one
     *     budget
     */
    public static Outcome<IsoFlopTrends> fit(LawPoints points, double[] budgetFlops, IsoFlopOptions options) {
        if (budgetFlops.length != points.size()
                || Arrays.stream(budgetFlops).anyMatch(c -> !(c > 0) || Double.isInfinite(c))) {
            throw new IllegalArgumentException("each point needs a budget above 0");
        }
        IsoFlopFit fit = new IsoFlopFit(options);
        for (double label : Arrays.stream(budgetFlops).sorted().distinct().toArray()) {
            int[] group = new int[budgetFlops.length];
            int size = 0;
            for (int i = 0; i < group.length; i++) {
                if (budgetFlops[i] == label) {
                    group[size++] = i;
                }
            }
            fit.read(new BudgetPoints(points, Arrays.copyOf(group, size), label));
        }
        return fit.trends();
    }

    private static double geometricMean(double[] flops, int[] group) {
        return Math.exp(Arrays.stream(group)
                .mapToDouble(i -> Math.log(flops[i]))
                .average()
                .orElseThrow());
    }

    private void read(BudgetPoints budget) {
        String name = String.format(Locale.ROOT, "%.3g FLOPs", budget.flops());
        Valley valley = budget.alongParams();
        if (valley.places() < Bottom.LEAST_PLACES) {
            discarded.add(name + ": fewer than three different N");
            return;
        }
        SeedNoise noise = options.noise();
        double[][] draws = noise == null ? new double[0][] : budget.reseeded(noise, options.draws(), random);
        budgets.add(new IsoFlopBudget(
                budget.flops(),
                Arrays.stream(budget.members()).boxed().toList(),
                valley.places(),
                valley.parabola().curvature(),
                minimum(budget, Bottom.PARABOLA, draws, parabolas, name + ", parabola: "),
                minimum(budget, Bottom.AKIMA, draws, splines, name + ", Akima: ")));
    }

    private @Nullable IsoFlopMinimum minimum(
            BudgetPoints budget, Bottom bottom, double[][] draws, BudgetMinima minima, String name) {
        Outcome<BudgetMinimum> outcome = BudgetMinimum.of(budget, bottom, draws);
        if (outcome instanceof Outcome.Refused<BudgetMinimum> refused) {
            discarded.add(name + refused.reason());
            return null;
        }
        BudgetMinimum minimum = ((Outcome.Found<BudgetMinimum>) outcome).value();
        minima.add(budget.flops(), minimum);
        return minimum.minimum();
    }

    private Outcome<IsoFlopTrends> trends() {
        int draws = options.noise() == null ? 0 : options.draws();
        IsoFlopReading parabola = parabolas.reading(draws);
        IsoFlopReading akima = splines.reading(draws);
        if (parabola == null && akima == null) {
            return Outcome.refused("approach 2 needs two budgets with a least loss inside the sampled sizes"
                    + (discarded.isEmpty() ? "" : "; " + String.join("; ", discarded)));
        }
        List<String> doubts = new ArrayList<>();
        if (parabola != null) {
            doubts.addAll(doubts(parabola));
        } else if (akima != null) {
            doubts.addAll(doubts(akima));
        }
        if (parabola == null || akima == null) {
            doubts.add("fewer than two budgets have a minimum by "
                    + (parabola == null ? "the parabola" : "Akima's spline"));
        } else if (Math.abs(parabola.params().exponent() - akima.params().exponent()) > APART) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "the exponent of N* is %.3f by parabolas and %.3f by Akima's splines: it depends on the reading",
                    parabola.params().exponent(),
                    akima.params().exponent()));
        }
        return Outcome.found(new IsoFlopTrends(parabola, akima, budgets, discarded, doubts));
    }

    /** Doubts about the trends of one reading. */
    private static List<String> doubts(IsoFlopReading reading) {
        List<String> doubts = new ArrayList<>();
        if (Math.abs(reading.exponentSum() - 1) > NOT_SIX) {
            doubts.add(String.format(
                    Locale.ROOT,
                    "the exponents of N* and D* add up to %.3f, not 1: the budgets are not proportional to ND",
                    reading.exponentSum()));
        }
        if (reading.params().points() < 3) {
            doubts.add("the trends go through two budgets: nothing says how well they hold");
        }
        return doubts;
    }
}
