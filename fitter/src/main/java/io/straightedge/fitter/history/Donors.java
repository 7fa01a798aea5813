package io.straightedge.fitter.history;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LrPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The final loss by what is left of finished runs with the same remaining schedule.
 *
 * <p>Donors have learning rates within {@value #MATCH} (rms of u over t/T in [f/2, 1]) of the run's. Their distance is
 * the rms difference of the logarithms of the curves, both set to zero at f, over [f/5, f]; weights exp(-(distance/h)^2
 * / 2), h the fifth least distance. The forecast is the run's present level times the weighted mean of the donors'
 * remaining drop; its variance that of the drops, drawn towards {@value #USUAL_SD}^2, plus {@value #LEVEL_SD}^2. Null
 * with fewer than two donors. O(n).
 */
public final class Donors {

    private static final double MATCH = .04;
    private static final int PLACES = 12;
    private static final int FIFTH = 4;
    private static final double LEAST_WIDTH = 1e-4;
    private static final double USUAL_SD = .012;
    private static final double USUAL_RUNS = 2;
    private static final double LEVEL_SD = .002;
    private static final double LEAST_LOSS = .05;

    private Donors() {}

    /** A mean and a standard deviation, nats per token. */
    public record Moments(double mean, double sd) {}

    /** The final loss of the run that {@code fit} has seen. */
    public static @Nullable Moments forecast(List<FinishedRun> runs, CurveFit fit, LrPlan plan) {
        double end = plan.plannedSteps();
        double f = fit.step() / end;
        double first = fit.firstStep() / end;
        double from = Math.log(Math.max(f / 5, first));
        double[] place = new double[PLACES];
        double[] live = new double[PLACES];
        for (int i = 0; i < PLACES; i++) {
            place[i] = Math.exp(from + i / (PLACES - 1.0) * (Math.log(f) - from));
            live[i] = Math.log(Math.max(LEAST_LOSS, fit.mean(Math.max(fit.firstStep(), place[i] * end))));
        }
        List<double[]> donors = new ArrayList<>();
        for (FinishedRun run : runs) {
            if (run.begins() <= .9 * f && alike(run, plan, f)) {
                double distance = distance(run, place, live, f);
                if (Double.isFinite(distance)) {
                    donors.add(new double[] {distance, run.logFinal() - run.logCurve(f)});
                }
            }
        }
        return donors.size() < 2 ? null : moments(donors, Math.exp(live[PLACES - 1]), fit.level());
    }

    /**
     * Whether a finished run's learning rates from f/2 on are those of a plan; what is not known is like its own kind.
     */
    static boolean alike(FinishedRun run, LrPlan plan, double f) {
        if (run.plan().assumed() != plan.assumed()) {
            return false;
        }
        double squares = 0;
        int n = 0;
        for (int i = 0; i < FinishedRun.POINTS; i++) {
            if (FinishedRun.FRACTION[i] >= f / 2) {
                double off = run.rate(i) - plan.rate(FinishedRun.FRACTION[i] * plan.plannedSteps());
                squares += off * off;
                n++;
            }
        }
        return Math.sqrt(squares / n) <= MATCH;
    }

    private static double distance(FinishedRun run, double[] place, double[] live, double f) {
        double squares = 0;
        int n = 0;
        double here = run.logCurve(f);
        for (int i = 0; i < place.length; i++) {
            if (place[i] >= run.begins()) {
                double off = run.logCurve(place[i]) - here - (live[i] - live[live.length - 1]);
                squares += off * off;
                n++;
            }
        }
        return n < 2 ? Double.NaN : Math.sqrt(squares / n);
    }

    private static Moments moments(List<double[]> donors, double level, double loss) {
        double[] distances =
                donors.stream().mapToDouble(donor -> donor[0]).sorted().toArray();
        double width = Math.max(LEAST_WIDTH, distances[Math.min(FIFTH, distances.length - 1)]);
        double[] weight = new double[distances.length];
        double total = 0;
        for (int j = 0; j < weight.length; j++) {
            double z = donors.get(j)[0] / width;
            weight[j] = Math.exp(-.5 * z * z);
            total += weight[j];
        }
        double mean = 0;
        double concentration = 0;
        for (int j = 0; j < weight.length; j++) {
            weight[j] /= total;
            mean += weight[j] * donors.get(j)[1];
            concentration += weight[j] * weight[j];
        }
        double variance = 0;
        for (int j = 0; j < weight.length; j++) {
            double off = donors.get(j)[1] - mean;
            variance += weight[j] * off * off;
        }
        double n = 1 / concentration;
        double drawn = (n * variance + USUAL_RUNS * USUAL_SD * USUAL_SD) / (n + USUAL_RUNS) * (1 + 1 / n);
        double ofLevel = LEVEL_SD * loss;
        return new Moments(level * Math.exp(mean), Math.sqrt(level * level * drawn + ofLevel * ofLevel));
    }
}
