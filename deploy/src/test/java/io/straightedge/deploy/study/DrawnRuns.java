package io.straightedge.deploy.study;

import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.GammaLaw;
import io.straightedge.protocol.law.ScalingLaw;
import io.straightedge.protocol.law.SurfaceLaw;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Pilot sets drawn from known truths: of Chinchilla's form, of another form, and with misfits that no law has. Seeds make a noise
 * of .2 % of the loss; the target's loss is without noise.
 */
final class DrawnRuns {

    private static final ChinchillaLaw EPOCH = new ChinchillaLaw(1.817, 477.8, 2143.4, 0.3473, 0.3672);
    private static final double NOISE = 0.002;

    /** Of Hoffmann's form with his coefficients. */
    static final Truth HOFFMANN = new Truth("hoffmann", new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28), 0, 0);

    static final List<Truth> TRUTHS = List.of(
            new Truth("epoch", EPOCH, 0, 0),
            HOFFMANN,
            new Truth("shallow", new ChinchillaLaw(1, 30, 120, 0.2, 0.25), 0, 0),
            new Truth("gamma below one", new GammaLaw(1.8, 6000, 60_000, 0.45, 0.5, 0.7), 0, 0),
            new Truth("gamma above one", new GammaLaw(1.8, 90, 300, 0.25, 0.27, 1.4), 0, 0),
            new Truth("small runs worse", EPOCH, 0.03, 0),
            new Truth("shapes", EPOCH, 0, 0.008));

    /**
     * Where losses come from.
     *
     * @param worseWhenSmall how far above the law a run of 1e18 FLOPs ends, as part of the loss
     * @param scatterOfModels standard deviation of log loss that all runs of a model share, by its shape
     */
    record Truth(String name, SurfaceLaw law, double worseWhenSmall, double scatterOfModels) {

        double loss(double params, double tokens) {
            double flops = ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params * tokens;
            return law.loss(params, tokens) * (1 + worseWhenSmall * Math.pow(flops / 1e18, -0.3));
        }
    }

    /** Which runs there are. */
    enum Layout {
        /** 6 sizes at 5 ratios of D to N. */
        LADDER,
        /** 7 budgets of 7 sizes. */
        ISOFLOP,
        /** 16 models, many of about one size, at 4 lengths. */
        SUITE
    }

    private DrawnRuns() {}

    static PilotSet draw(Truth truth, Layout layout, long seed) {
        Random random = new Random(
                31 * (31 * seed + truth.name().hashCode()) + layout.name().hashCode());
        Map<Double, Double> shapes = new HashMap<>();
        List<PilotRun> pilots = new ArrayList<>();
        for (double[] size : sizes(layout)) {
            double shape = shapes.computeIfAbsent(size[0], params -> truth.scatterOfModels() * random.nextGaussian());
            double loss = truth.loss(size[0], size[1]) * Math.exp(shape + NOISE * random.nextGaussian());
            pilots.add(new PilotRun("pilot-" + pilots.size(), size[0], size[1], loss));
        }
        double params = layout == Layout.SUITE ? 2e9 : 4e9;
        double tokens = layout == Layout.SUITE ? 1e11 : 8e10;
        PilotRun target = new PilotRun("target", params, tokens, truth.loss(params, tokens));
        return new PilotSet(truth.name() + "/" + layout, pilots, target);
    }

    private static List<double[]> sizes(Layout layout) {
        return switch (layout) {
            case LADDER -> ladder();
            case ISOFLOP -> isoFlop();
            case SUITE -> suite();
        };
    }

    private static List<double[]> ladder() {
        List<double[]> sizes = new ArrayList<>();
        for (double params : new double[] {2e7, 5e7, 1.2e8, 3e8, 7e8, 1.6e9}) {
            for (double ratio : new double[] {5, 10, 20, 40, 80}) {
                sizes.add(new double[] {params, params * ratio});
            }
        }
        return sizes;
    }

    private static List<double[]> isoFlop() {
        List<double[]> sizes = new ArrayList<>();
        for (int budget = 0; budget < 7; budget++) {
            double flops = 1e18 * Math.pow(10, 0.5 * budget);
            for (int step = -3; step <= 3; step++) {
                double params = EPOCH.optimum(flops).params() * Math.pow(2, 0.7 * step);
                sizes.add(new double[] {params, flops / (ScalingLaw.FLOPS_PER_PARAMETER_TOKEN * params)});
            }
        }
        return sizes;
    }

    private static List<double[]> suite() {
        Random random = new Random(5);
        List<double[]> sizes = new ArrayList<>();
        for (double about :
                new double[] {6e7, 1e8, 1e8, 1e8, 5e8, 5e8, 1e9, 2e9, 6e7, 1e8, 1e8, 1e8, 5e8, 5e8, 1e9, 2e9}) {
            double params = about * Math.exp(0.15 * random.nextGaussian());
            for (double tokens : new double[] {1e10, 2e10, 4e10, 8e10}) {
                sizes.add(new double[] {params, tokens});
            }
        }
        return sizes;
    }
}
