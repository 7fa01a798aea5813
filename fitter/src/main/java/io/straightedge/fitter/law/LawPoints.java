package io.straightedge.fitter.law;

import io.straightedge.protocol.law.ScalingLaw;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The points that a law is fitted to: N, D, C, L, weight and run of each. Struct of arrays; immutable.
 *
 * <p>A point of weight 0 is not there. C is 6ND unless given. Points of one run share its noise: resampling takes runs.
 */
public final class LawPoints {

    /** Training FLOPs per parameter and token in C = 6ND. */
    public static final double FLOPS_PER_PARAMETER_TOKEN = ScalingLaw.FLOPS_PER_PARAMETER_TOKEN;

    private final double[] params;
    private final double[] tokens;
    private final double[] flops;
    private final double[] loss;
    private final double[] weight;
    /** Index of the run of each point, in [0, runs). */
    private final int[] run;

    private final int runs;

    private LawPoints(double[][] columns, int[] run) {
        params = columns[0];
        tokens = columns[1];
        flops = columns[2];
        loss = columns[3];
        weight = columns[4];
        this.run = run;
        runs = Arrays.stream(run).max().orElse(-1) + 1;
    }

    /** Points of weight 1, each a run of its own; see {@link #of(double[], double[], double[], double[])}. */
    public static LawPoints of(double[] params, double[] tokens, double[] loss) {
        double[] ones = new double[params.length];
        Arrays.fill(ones, 1);
        return of(params, tokens, loss, ones);
    }

    /**
     * Points each a run of its own, with C = 6ND.
     *
     * @param params N [n], &gt; 0
     * @param tokens D [n], &gt; 0
     * @param loss L [n], nats per token, &gt; 0
     * @param weight in the objective [n], &gt;= 0; a point of weight 0 is left out
     * @throws IllegalArgumentException when lengths differ or a number is out of its range or not finite
     */
    public static LawPoints of(double[] params, double[] tokens, double[] loss, double[] weight) {
        double[] flops = new double[params.length];
        for (int i = 0; i < Math.min(params.length, tokens.length); i++) {
            flops[i] = FLOPS_PER_PARAMETER_TOKEN * params[i] * tokens[i];
        }
        return of(
                params,
                tokens,
                flops,
                loss,
                weight,
                IntStream.range(0, params.length).toArray());
    }

    /**
     * Points with their own C, and the run that each belongs to.
     *
     * @param flops C [n], &gt; 0
     * @param run index of each point's run [n], &gt;= 0
     */
    public static LawPoints of(
            double[] params, double[] tokens, double[] flops, double[] loss, double[] weight, int[] run) {
        int n = params.length;
        if (tokens.length != n || flops.length != n || loss.length != n || weight.length != n || run.length != n) {
            throw new IllegalArgumentException("params, tokens, flops, loss, weight and run must have the same length");
        }
        double[][] columns = {params, tokens, flops, loss, weight};
        for (int i = 0; i < n; i++) {
            if (!(params[i] > 0 && tokens[i] > 0 && flops[i] > 0 && loss[i] > 0 && weight[i] >= 0)
                    || Double.isInfinite(params[i] + tokens[i] + flops[i] + loss[i] + weight[i])) {
                throw new IllegalArgumentException("point " + i + " (N=" + params[i] + ", D=" + tokens[i] + ", C="
                        + flops[i] + ", L=" + loss[i] + ", w=" + weight[i] + ") must be positive and finite");
            }
            if (run[i] < 0) {
                throw new IllegalArgumentException("point " + i + " has run " + run[i] + ": runs count from 0");
            }
        }
        return new LawPoints(columns, run)
                .select(IntStream.range(0, n).filter(i -> weight[i] > 0).toArray());
    }

    /** The points at {@code indices}, in that order; runs keep their index. */
    public LawPoints select(int[] indices) {
        double[][] columns = {params, tokens, flops, loss, weight};
        double[][] out = new double[columns.length][indices.length];
        int[] runOf = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            for (int c = 0; c < columns.length; c++) {
                out[c][i] = columns[c][indices[i]];
            }
            runOf[i] = run[indices[i]];
        }
        return new LawPoints(out, runOf);
    }

    /** The same points with other weights [n]; those of weight 0 are left out. */
    public LawPoints weighted(double[] weights) {
        return of(params, tokens, flops, loss, weights, run);
    }

    /** How many there are. */
    public int size() {
        return params.length;
    }

    /** One more than the largest index of a run. */
    public int runs() {
        return runs;
    }

    public double params(int i) {
        return params[i];
    }

    public double tokens(int i) {
        return tokens[i];
    }

    public double flops(int i) {
        return flops[i];
    }

    public double loss(int i) {
        return loss[i];
    }

    public double weight(int i) {
        return weight[i];
    }

    /** Index of the run of point {@code i}. */
    public int run(int i) {
        return run[i];
    }

    /** log10 of the largest over the least N. */
    public double decadesOfParams() {
        return decades(params);
    }

    /** log10 of the largest over the least D. */
    public double decadesOfTokens() {
        return decades(tokens);
    }

    /** log10 of the largest over the least C. */
    public double decadesOfFlops() {
        return decades(flops);
    }

    private static double decades(double[] values) {
        double least = Arrays.stream(values).min().orElse(1);
        double most = Arrays.stream(values).max().orElse(1);
        return Math.log10(most / least);
    }
}
