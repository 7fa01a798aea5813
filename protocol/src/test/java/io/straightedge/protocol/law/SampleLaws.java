package io.straightedge.protocol.law;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Laws of every form, published where there is a publication, and otherwise made to look like the Chinchilla data. */
final class SampleLaws {

    /** Close to the Chinchilla surface from 1e17 to 1e26 FLOPs, with one minimum along each line of compute. */
    static final FarseerLaw FARSEER = new FarseerLaw(114, -0.31, 0.6, 5, -0.1, 7, -0.05, 0.05, -0.86);

    /** Its floor falls faster than any power of N, so that beyond 1e23 FLOPs no number of tokens is too few. */
    static final FarseerLaw UNBOUNDED_FARSEER =
            new FarseerLaw(-0.021, 0.169, -0.091, 88.01, -0.1, -6.287, -0.124, 0.123, 0.424);

    static final OvertrainingLaw OVERTRAINING = new OvertrainingLaw(1.84, 212, 367, 0.136);

    static final GammaLaw GAMMA = new GammaLaw(1.22, 3355, 18186, 0.408, 0.431, 0.452);

    static final DataConstrainedLaw MUENNIGHOFF =
            (DataConstrainedLaw) Presets.named("muennighoff-c4").law();

    private static final Map<String, ScalingLaw> ALL = new LinkedHashMap<>();

    static {
        Presets.all().forEach(preset -> ALL.put(preset.name(), preset.law()));
        ALL.put("overtraining", OVERTRAINING);
        ALL.put("gamma", GAMMA);
        ALL.put("farseer", FARSEER);
        ALL.put("limited-data", MUENNIGHOFF.limitedTo(1e12));
        ALL.put("saturating", new SaturatingLaw(Variable.COMPUTE, 1.7, 1200, 0.15));
        ALL.put("saturating-tokens", new SaturatingLaw(Variable.TOKENS, 0, 30, 0.1));
    }

    private SampleLaws() {}

    static Stream<String> names() {
        return ALL.keySet().stream();
    }

    static Stream<String> surfaces() {
        return names().filter(name -> ALL.get(name) instanceof SurfaceLaw);
    }

    static Stream<String> curves() {
        return names().filter(name -> ALL.get(name) instanceof CurveLaw);
    }

    static Stream<String> ofRuns() {
        return names().filter(name -> ALL.get(name) instanceof RunLaw);
    }

    static ScalingLaw named(String name) {
        ScalingLaw law = ALL.get(name);
        if (law == null) {
            throw new IllegalArgumentException(name);
        }
        return law;
    }

    static SurfaceLaw surface(String name) {
        return (SurfaceLaw) named(name);
    }

    static RunLaw ofRun(String name) {
        return (RunLaw) named(name);
    }

    static CurveLaw curve(String name) {
        return (CurveLaw) named(name);
    }
}
