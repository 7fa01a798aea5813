package io.straightedge.fitter.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs as rows of standardised features, in groups that share a length in the kernel.
 *
 * <p>Recipe: ln N, ln D (or ln D/N), ln of the peak rate, ln of tokens a step, four numbers of the schedule, each
 * further hyperparameter, and which optimiser. Curve: {@link Standing}'s, held within the history's .5 to 99.5 % and a
 * fifth of that range beyond. What nobody knows or what does not vary is left out; what a run does not know is taken as
 * the mean.
 */
final class FeatureTable {

    private static final double CLIP = .005;
    private static final double ROOM = .2;
    private static final double LEAST_SD = 1e-9;

    private final boolean perParameter;
    private final boolean curve;
    private final List<String> hyperparameters;
    private final List<String> optimizers;
    private final List<String> columns = new ArrayList<>();
    private final int firstOfCurve;
    private final double[] mean;
    private final double[] sd;
    private final double[] low;
    private final double[] high;
    /** Of each column: its group in the kernel, or -1 when it is left out. */
    private final int[] group;

    private final int kept;

    /**
     * @param perParameter whether data are counted as tokens a parameter
     * @param standings of the runs, in their order; null for a table without curves
     */
    FeatureTable(List<FinishedRun> runs, @Nullable List<Standing> standings, boolean perParameter) {
        this.perParameter = perParameter;
        this.curve = standings != null;
        TreeSet<String> numbers = new TreeSet<>();
        TreeSet<String> names = new TreeSet<>();
        for (FinishedRun run : runs) {
            numbers.addAll(run.recipe().hyperparameters().keySet());
            names.add(run.recipe().optimizer());
        }
        hyperparameters = List.copyOf(numbers);
        optimizers = List.copyOf(names);
        columns.addAll(List.of("N", "D", "rate", "batch", "schedule", "schedule", "schedule", "schedule"));
        hyperparameters.forEach(name -> columns.add("hyperparameter " + name));
        optimizers.forEach(name -> columns.add("optimizer"));
        firstOfCurve = columns.size();
        if (curve) {
            columns.addAll(List.of("shape", "shape", "shape", "shape", "spikes"));
        }
        int p = columns.size();
        double[][] raw = new double[runs.size()][];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = raw(runs.get(i).recipe(), standings == null ? null : standings.get(i));
        }
        mean = new double[p];
        sd = new double[p];
        low = new double[p];
        high = new double[p];
        group = new int[p];
        Map<String, Integer> groups = new LinkedHashMap<>();
        int used = 0;
        for (int j = 0; j < p; j++) {
            int column = j;
            double[] known = Arrays.stream(raw)
                    .mapToDouble(row -> row[column])
                    .filter(Double::isFinite)
                    .toArray();
            group[j] = -1;
            if (known.length >= 2) {
                mean[j] = Arrays.stream(known).average().orElse(0);
                sd[j] = Targets.deviation(known);
                double least = Targets.quantile(known, CLIP);
                double most = Targets.quantile(known, 1 - CLIP);
                low[j] = least - ROOM * (most - least);
                high[j] = most + ROOM * (most - least);
            }
            if (sd[j] > LEAST_SD * Math.max(1, Math.abs(mean[j]))) {
                groups.putIfAbsent(columns.get(j), groups.size());
                group[j] = groups.getOrDefault(columns.get(j), -1);
                used++;
            }
        }
        kept = used;
    }

    /** Whether any feature varies. */
    boolean useful() {
        return kept > 0;
    }

    GroupKernel kernel() {
        return new GroupKernel(Arrays.stream(group).filter(g -> g >= 0).toArray());
    }

    /** The row of a run. */
    double[] row(Recipe recipe, @Nullable Standing standing) {
        double[] raw = raw(recipe, standing);
        double[] row = new double[kept];
        int at = 0;
        for (int j = 0; j < raw.length; j++) {
            if (group[j] >= 0) {
                double value = Double.isFinite(raw[j]) ? raw[j] : mean[j];
                double held = j >= firstOfCurve ? Math.max(low[j], Math.min(high[j], value)) : value;
                row[at++] = (held - mean[j]) / sd[j];
            }
        }
        return row;
    }

    private double[] raw(Recipe recipe, @Nullable Standing standing) {
        double[] raw = new double[columns.size()];
        double data = recipe.logData();
        raw[0] = recipe.logParams();
        raw[1] = perParameter && Double.isFinite(raw[0]) ? data - raw[0] : data;
        raw[2] = recipe.logPeakRate();
        raw[3] = recipe.logTokensPerStep();
        System.arraycopy(recipe.scheduleNumbers(), 0, raw, 4, Recipe.SCHEDULE_NUMBERS);
        int at = 4 + Recipe.SCHEDULE_NUMBERS;
        for (String name : hyperparameters) {
            Double value = recipe.hyperparameters().get(name);
            raw[at++] = value == null ? Double.NaN : value;
        }
        for (String name : optimizers) {
            raw[at++] = recipe.optimizer().equals(name) ? 1 : 0;
        }
        if (curve && standing != null) {
            System.arraycopy(standing.shape(), 0, raw, firstOfCurve, Standing.SHAPES);
        }
        return raw;
    }
}
