package io.straightedge.deploy.backtest;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.solve.LeastSquares;

/**
 * The simplified Multi-Power-Law, fitted freely to what has been seen of one run.
 *
 * <p>L(k) = L0 + A S1(k)^-alpha - B LD(k), LD(k) = sum over falls of the rate before k of (u(j-1) - u(j)) (1 - (1 + C
 * u(j)^-gamma (S1(k) - S1(j)))^-beta), with u = lr/peak, S1 its integral over steps, and gamma .65 and beta .6 as
 * published; L0, A, alpha, B and C are free. The falls are gathered into at most {@value #FALLS} of like size. O(points
 * falls) an evaluation. Without a schedule, in the warm-up or with too few points: the power law's guess.
 *
 * @see "Luo et al. 2025, arXiv 2503.12811"
 */
final class MultiPowerLaw {

    private static final int FALLS = 24;
    private static final int SAMPLES = 512;
    private static final double GAMMA = 0.65;
    private static final double BETA = 0.6;
    private static final double LEAST_RATE = 1e-4;
    private static final int PARAMETERS = 5;

    /** Falls of the rate: size, u^-gamma and S1 of each, [n]. */
    @SuppressWarnings("ArrayRecordComponent") // read by the model, never compared
    private record Falls(int n, double[] size, double[] stretch, double[] progress) {

        /** The sum at S1 = {@code at} for a C. */
        double sum(double at, double c) {
            double sum = 0;
            for (int j = 0; j < n && progress[j] < at; j++) {
                sum += size[j] * (1 - Math.pow(1 + c * stretch[j] * (at - progress[j]), -BETA));
            }
            return sum;
        }
    }

    private MultiPowerLaw() {}

    static Guess guess(Standing seen, Guess power) {
        int n = seen.size();
        LrPlan plan = seen.plan();
        if (!seen.scheduled() || n <= PARAMETERS || seen.steps()[0] <= 0 || seen.lastStep() <= plan.peakStep()) {
            return power;
        }
        double here = plan.progress(seen.lastStep());
        double[] progress = new double[n + 1];
        for (int i = 0; i <= n; i++) {
            progress[i] = plan.progress(i == n ? seen.plannedSteps() : seen.steps()[i]);
        }
        Falls falls = falls(plan);
        double level = seen.losses()[n - 1];
        LeastSquares.Model model = parameters -> {
            double[] values = new double[n + 1];
            double alpha = Math.exp(parameters[2]);
            double c = Math.exp(parameters[4]);
            for (int i = 0; i <= n; i++) {
                values[i] = parameters[0]
                        + Math.exp(parameters[1]) * Math.pow(progress[i] / here, -alpha)
                        - level * Math.exp(parameters[3]) * falls.sum(progress[i], c);
            }
            return values;
        };
        Guess fitted = Baselines.fit(seen, model, new double[][] {
            {.9 * level, Math.log(.12 * level), Math.log(.45), Math.log(.06), Math.log(.1)},
            {.7 * level, Math.log(.3 * level), Math.log(.25), Math.log(.1), Math.log(.02)}
        });
        return fitted == null ? power : fitted;
    }

    /** The falls after the peak; neighbours are gathered until they make up their share of all. */
    private static Falls falls(LrPlan plan) {
        double begin = plan.peakStep();
        double length = plan.plannedSteps() - begin;
        double[] rate = new double[SAMPLES + 1];
        double all = 0;
        for (int i = 0; i <= SAMPLES; i++) {
            rate[i] = plan.rate(begin + length * i / SAMPLES);
            all += i == 0 ? 0 : Math.max(0, rate[i - 1] - rate[i]);
        }
        double[] size = new double[FALLS + 1];
        double[] stretch = new double[FALLS + 1];
        double[] progress = new double[FALLS + 1];
        int n = 0;
        double gathered = 0;
        double atRate = 0;
        double atProgress = 0;
        for (int i = 1; i <= SAMPLES; i++) {
            double fall = Math.max(0, rate[i - 1] - rate[i]);
            gathered += fall;
            atRate += fall * 0.5 * (rate[i - 1] + rate[i]);
            atProgress += fall * plan.progress(begin + length * (i - 0.5) / SAMPLES);
            if (gathered > 0 && (gathered >= all / FALLS || i == SAMPLES)) {
                size[n] = gathered;
                stretch[n] = Math.pow(Math.max(LEAST_RATE, atRate / gathered), -GAMMA);
                progress[n++] = atProgress / gathered;
                gathered = 0;
                atRate = 0;
                atProgress = 0;
            }
        }
        return new Falls(n, size, stretch, progress);
    }
}
