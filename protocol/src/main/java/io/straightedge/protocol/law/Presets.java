package io.straightedge.protocol.law;

import static io.straightedge.protocol.law.KaplanAllocation.FLOPS_PER_PETAFLOP_DAY;

import io.straightedge.protocol.run.ParameterCount;
import java.util.List;
import java.util.stream.Collectors;

/** The published constants of the field, each with its source. Losses are of each source's own data and tokenizer. */
public final class Presets {

    /** Kaplan's critical batch, arXiv 2001.08361, eq. 1.4: B* = 2e8 tokens, alpha_B = 0.21. */
    public static final CriticalBatch KAPLAN_CRITICAL_BATCH = new CriticalBatch(2e8, 0.21);

    /** Kaplan's advice for C_min in PF-days, arXiv 2001.08361, appendix A. */
    public static final KaplanAllocation KAPLAN_ALLOCATION =
            new KaplanAllocation(1.3e9, 0.73, 2.0e6, 0.24, 5.4e3, 0.03, 2e10, 0.27);

    /** alpha_C as Kaplan prints the result of eq. 1.8; the printed exponents of eq. 1.4 and 1.6 give 0.05245. */
    public static final double KAPLAN_COMPUTE_EXPONENT_PRINTED = 0.054;

    /** alpha_C as Kaplan measured it, eq. 1.3. */
    public static final double KAPLAN_COMPUTE_EXPONENT_MEASURED = 0.050;

    /** The Step Law, Li et al. 2025, arXiv 2503.04715: lr = 1.79 N^-0.713 D^0.307, batch = 0.58 D^0.571 tokens. */
    public static final StepLawRecipe STEP_LAW = new StepLawRecipe(1.79, -0.713, 0.307, 0.58, 0.571);

    private static final String KAPLAN = "Kaplan et al. 2020, arXiv 2001.08361, ";
    private static final String HOFFMANN = "Hoffmann et al. 2022, arXiv 2203.15556, ";
    private static final String BESIROGLU = "Besiroglu et al. 2024, arXiv 2404.10102, ";
    private static final String NO_FLOOR = "no irreducible loss: goes to 0 far out";

    private static final List<Preset> ALL = List.of(
            kaplan("kaplan-n", new PowerLaw(Variable.PARAMS, 8.8e13, 0.076), "eq. 1.1", NO_FLOOR),
            kaplan("kaplan-d", new PowerLaw(Variable.TOKENS, 5.4e13, 0.095), "eq. 1.2", NO_FLOOR),
            kaplan(
                    "kaplan-c",
                    new PowerLaw(Variable.COMPUTE, 1.6e7 * FLOPS_PER_PETAFLOP_DAY, 0.057),
                    "section 3.3",
                    "compute at one fixed batch size; " + NO_FLOOR),
            kaplan(
                    "kaplan-c-min",
                    new PowerLaw(Variable.COMPUTE, 3.1e8 * FLOPS_PER_PETAFLOP_DAY, 0.050),
                    "eq. 1.3",
                    "of C_min, compute at a batch far below the critical one, which 6ND exceeds; " + NO_FLOOR),
            kaplan(
                    "kaplan",
                    new KaplanLaw(6.4e13, 1.8e13, 0.076, 0.103),
                    "eq. 1.5, constants of table 2",
                    "of its own constants, not those of kaplan-n and kaplan-d; " + NO_FLOOR),
            kaplan(
                    "kaplan-steps",
                    new KaplanStepsLaw(6.5e13, 2.1e3, 0.077, 0.76),
                    "eq. 1.6, constants of table 3",
                    "of S_min, steps at a batch far above the critical one; " + NO_FLOOR),
            total(
                    "hoffmann",
                    new ChinchillaLaw(1.69, 406.4, 410.7, 0.34, 0.28),
                    HOFFMANN + "eq. 10",
                    "rounded in print, which moves N* at 5.76e23 FLOPs by a fifth; see hoffmann-tex"),
            total(
                    "hoffmann-tex",
                    ChinchillaLaw.ofLogs(6.0073404, 6.0179186, 0.5267228, 0.33917084, 0.2849083),
                    HOFFMANN + "digits of its TeX source",
                    "does not give the paper's own table A3"),
            total(
                    "besiroglu",
                    new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658),
                    BESIROGLU + "the fit that it reports",
                    "as printed; short of the optimum of its own objective, which is epoch"),
            total(
                    "epoch",
                    ChinchillaLaw.ofLogs(
                            6.169246373723296,
                            7.670156733095359,
                            0.5973068146873696,
                            0.3473104988817621,
                            0.3671724326277593),
                    BESIROGLU + "the optimum of its objective on its 240 points",
                    "Huber of log residuals, delta 1e-3, sum 1.018274017801e-3"),
            total(
                    "muennighoff-c4",
                    new DataConstrainedLaw(
                            ChinchillaLaw.ofLogs(6.255414, 7.3049974, 0.6254804, 0.3526596, 0.3526596),
                            15.387756,
                            5.309743),
                    "Muennighoff et al. 2023, arXiv 2305.16264, appendix A",
                    "of C4; explains 77 % of the variance of its own runs; cannot say that repetition does harm"));

    private Presets() {}

    /** All of them, Kaplan's first. */
    public static List<Preset> all() {
        return ALL;
    }

    /** The preset of that name; throws IllegalArgumentException with the names there are when there is none. */
    public static Preset named(String name) {
        return ALL.stream()
                .filter(preset -> preset.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no preset named '" + name + "'; there are "
                        + ALL.stream().map(Preset::name).collect(Collectors.joining(", "))));
    }

    private static Preset kaplan(String name, ScalingLaw law, String where, String note) {
        return new Preset(name, law, ParameterCount.NON_EMBEDDING, KAPLAN + where, note);
    }

    private static Preset total(String name, ScalingLaw law, String source, String note) {
        return new Preset(name, law, ParameterCount.TOTAL, source, note);
    }
}
