package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.detect.StallRule;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.RunManifest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One run: its manifest, where it is in its life, and its splits in order of their names. */
final class RunState {

    final String study;
    final String run;
    final StallRule pace = new StallRule();
    final TreeMap<String, SplitState> splits = new TreeMap<>();

    RunStatus status = RunStatus.PLANNED;
    int attempt;

    /** First step of the present attempt. */
    long attemptStart;

    /** Last step before the present or last stall. */
    long stallStep;

    boolean excluded;
    boolean dirty;
    boolean manifestDirty;

    private @Nullable RunManifest manifest;
    private @Nullable LrPlan plan;

    RunState(String study, String run) {
        this.study = study;
        this.run = run;
    }

    @Nullable
    RunManifest manifest() {
        return manifest;
    }

    void manifest(RunManifest replacement) {
        manifest = replacement;
        plan = null;
    }

    SplitState split(String name) {
        return splits.computeIfAbsent(name, absent -> {
            SplitState split = new SplitState();
            split.attempt = attempt;
            return split;
        });
    }

    /** N; null when nobody said. */
    @Nullable
    Double params() {
        return manifest == null ? null : manifest.params();
    }

    /** Tokens a step: as the manifest has it, or from what the split has seen; NaN when unknown. */
    double tokensPerStep(SplitState split) {
        Double planned = manifest == null ? null : manifest.tokensPerStep();
        return planned != null ? planned : split.observedTokensPerStep();
    }

    /** Steps at the planned end; 0 when unknown. */
    long plannedSteps(SplitState split) {
        Long steps = manifest == null ? null : manifest.stepsAtEnd();
        if (steps != null) {
            return steps;
        }
        Double tokens = manifest == null ? null : manifest.plannedTokens();
        double perStep = split.observedTokensPerStep();
        return tokens != null && perStep > 0 ? Math.max(1, Math.round(tokens / perStep)) : 0;
    }

    /** Tokens at the planned end; NaN when unknown. */
    double plannedTokens(SplitState split) {
        Double tokens = manifest == null ? null : manifest.tokensAtEnd();
        return tokens != null ? tokens : plannedSteps(split) * tokensPerStep(split);
    }

    /** The compiled learning-rate plan; null while the run's length is not known. */
    @Nullable
    LrPlan plan(SplitState split) {
        long steps = plannedSteps(split);
        if (steps < 1) {
            return null;
        }
        if (plan == null || plan.plannedSteps() != steps) {
            plan = LrPlan.of(manifest == null ? null : manifest.schedule(), steps);
        }
        return plan;
    }

    byte[] saveHead() {
        byte[] name = status.name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(1 + name.length + 4 + 8 + 8 + 1 + StallRule.BYTES);
        out.put((byte) name.length)
                .put(name)
                .putInt(attempt)
                .putLong(attemptStart)
                .putLong(stallStep);
        out.put((byte) (excluded ? 1 : 0));
        pace.save(out);
        return out.array();
    }

    void restoreHead(ByteBuffer in) {
        byte[] name = new byte[in.get()];
        in.get(name);
        status = RunStatus.valueOf(new String(name, StandardCharsets.US_ASCII));
        attempt = in.getInt();
        attemptStart = in.getLong();
        stallStep = in.getLong();
        excluded = in.get() != 0;
        pace.load(in);
    }
}
