package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.curve.LrSeen;
import io.straightedge.fitter.curve.LrTrace;
import io.straightedge.fitter.detect.StallRule;
import io.straightedge.fitter.history.Recipe;
import io.straightedge.fitter.history.ScheduleClass;
import io.straightedge.protocol.fit.ForecastPoint;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.StudyCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One run: its manifest, where it is in its life, and its splits in order of their names. */
final class RunState {

    /** Optimisers whose peak rates compare with AdamW's; so does one that nobody named. */
    private static final Set<String> ADAM = Set.of(
            "adam", "adamw", "fusedadam", "adamwtorchfused", "nadamw", "adamini", "mini", "cautious", "cautiousadamw");

    final String study;
    final String run;
    final StallRule pace = new StallRule();

    /** Tokens by step, which the splits share. */
    final TokenTrace tokens = new TokenTrace();

    final TreeMap<String, SplitState> splits = new TreeMap<>();

    /** Other plans that were asked about, by name, the oldest first. */
    final LinkedHashMap<String, StudyCommand> whatIf = new LinkedHashMap<>();

    boolean whatIfDirty;

    RunStatus status = RunStatus.PLANNED;
    int attempt;

    /** First step of the present attempt. */
    long attemptStart;

    /** Last step before the present or last stall. */
    long stallStep;

    /** The study's sequence when the run ended; 0 before. */
    long endedAt;

    boolean excluded;
    boolean dirty;
    boolean manifestDirty;

    /** Learning rates so far: logged ones, or else, where the planned end has moved, those of the earlier plan. */
    final LrTrace rates = new LrTrace();

    boolean ratesDirty;

    /** The rates that the plan in force is made with; the trace goes on while the plan follows it. */
    LrSeen planned = LrSeen.NONE;

    boolean plannedDirty;

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

    /**
     * A later manifest: it describes the whole run. But where only the planned end has moved and no rates were logged,
     * the part already run keeps the rates that it was planned with.
     */
    void manifest(RunManifest replacement) {
        Double before = toldPerStep();
        Double now = replacement.tokensPerStep();
        long seen = furthestStep();
        if (before != null && now != null && !before.equals(now) && seen > 0) {
            tokens.change((double) seen, before);
            dirty = true;
        }
        LrPlan inForce = seen < 0 ? null : plan();
        Schedule schedule = manifest == null ? null : manifest.schedule();
        manifest = replacement;
        plan = null;
        if (!rates.logged()) {
            if (inForce != null && schedule != null && schedule.equals(replacement.schedule())) {
                keepPast(inForce, schedule, seen);
            } else if (!rates.isEmpty()) {
                rates.clear();
                ratesDirty = true;
            }
        }
        replan();
        splits.values().forEach(split -> split.lesson = null);
    }

    private void keepPast(LrPlan before, Schedule schedule, long seen) {
        if (before.plannedSteps() != plannedSteps() && schedule.followsTheEnd() && seen > 0) {
            rates.assume(before, seen, schedule.peak() == null ? 1 : schedule.peak());
            ratesDirty = true;
        }
    }

    /** The manifest as the changelog has it. */
    void restoreManifest(RunManifest restored) {
        manifest = restored;
        plan = null;
    }

    /** Last step of the split that is furthest; negative when none has begun. */
    private long furthestStep() {
        return splits.values().stream().mapToLong(split -> split.lastStep).max().orElse(-1);
    }

    /** Takes a logged learning rate. */
    void sawRate(long step, double lr) {
        ratesDirty |= rates.add(step, lr);
    }

    /** The run has gone back to {@code step}: the rates after it were not to be. */
    void rewindRates(long step) {
        if (!rates.isEmpty()) {
            rates.rewind(step);
            ratesDirty = true;
            replan();
        }
    }

    /** Makes the plan anew, and with it every split's fit, when the rates seen do not follow the one in force. */
    void lookAtRates() {
        LrPlan inForce = plan();
        LrSeen seen = rates.seen();
        if (inForce != null && !inForce.follows(seen)) {
            takeForPlan(seen);
        }
    }

    private void replan() {
        takeForPlan(rates.logged() ? LrSeen.NONE : rates.seen());
    }

    private void takeForPlan(LrSeen seen) {
        plannedDirty |= !(planned.isEmpty() && seen.isEmpty());
        planned = seen;
        plan = null;
        splits.values().forEach(split -> split.fit = null);
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

    private @Nullable Double toldPerStep() {
        return manifest == null ? null : manifest.tokensPerStep();
    }

    /** Tokens a step from now on: as the manifest has it, or as observations show; NaN when unknown. */
    double tokensPerStep() {
        return tokens.rate(toldPerStep());
    }

    /** The run goes on from {@code step}. */
    void rewindTokens(long step) {
        tokens.rewind((double) step, toldPerStep());
    }

    /** Tokens seen by a step; NaN when unknown. */
    double tokensAt(double step) {
        return tokens.at(step, toldPerStep());
    }

    /** The points with the tokens that the run will have seen by their steps. */
    List<ForecastPoint> counted(List<ForecastPoint> points) {
        return points.stream()
                .map(at -> new ForecastPoint(
                        at.step(),
                        tokensAt(at.step()),
                        at.loss(),
                        at.lower50(),
                        at.upper50(),
                        at.lower80(),
                        at.upper80(),
                        at.lower95(),
                        at.upper95()))
                .toList();
    }

    /** Steps at the planned end: as sent, or by which the planned tokens will have been seen; 0 when unknown. */
    long plannedSteps() {
        if (manifest == null || manifest.plannedSteps() != null) {
            return manifest == null || manifest.plannedSteps() == null ? 0 : manifest.plannedSteps();
        }
        Double planned = manifest.plannedTokens();
        double end = planned == null ? Double.NaN : tokens.stepAt(planned, toldPerStep());
        return end < Long.MAX_VALUE ? Math.max(1, Math.round(end)) : 0;
    }

    /** Tokens at the planned end; NaN when unknown. */
    double plannedTokens() {
        Double planned = manifest == null ? null : manifest.plannedTokens();
        long steps = plannedSteps();
        return planned != null ? planned : steps < 1 ? Double.NaN : tokensAt((double) steps);
    }

    /** Whether the run has ended well before its planned end. */
    boolean cutShort(SplitState split) {
        return status == RunStatus.FINISHED && split.lastStep < SplitState.ALL_BUT * plannedSteps();
    }

    /** The compiled learning-rate plan; null while the run's length is not known. */
    @Nullable
    LrPlan plan() {
        long steps = plannedSteps();
        if (steps < 1) {
            return null;
        }
        if (plan == null || plan.plannedSteps() != steps) {
            plan = LrPlan.of(manifest == null ? null : manifest.schedule(), steps, planned);
        }
        return plan;
    }

    /** The recipe, as far as it was sent. */
    Recipe recipe(LrPlan known) {
        Schedule schedule = manifest == null ? null : manifest.schedule();
        String optimizer = manifest == null || manifest.optimizer() == null ? "" : optimizer(manifest.optimizer());
        return new Recipe(
                ScheduleClass.of(known),
                Recipe.scheduleNumbers(known),
                optimizer.isEmpty() || ADAM.contains(optimizer),
                optimizer,
                schedule == null ? Double.NaN : schedule.highest(),
                orNaN(params()),
                known.plannedSteps(),
                orNaN(manifest == null ? null : manifest.tokensPerStep()),
                manifest == null ? Map.of() : manifest.hyperparameters());
    }

    private static String optimizer(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    byte[] saveHead() {
        byte[] name = status.name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(1 + name.length + 4 + 8 + 8 + 8 + 1 + StallRule.BYTES + TokenTrace.BYTES);
        out.put((byte) name.length)
                .put(name)
                .putInt(attempt)
                .putLong(attemptStart)
                .putLong(stallStep)
                .putLong(endedAt);
        out.put((byte) (excluded ? 1 : 0));
        pace.save(out);
        tokens.save(out);
        byte[] head = new byte[out.position()];
        out.flip().get(head);
        return head;
    }

    void restoreHead(ByteBuffer in) {
        byte[] name = new byte[in.get()];
        in.get(name);
        status = RunStatus.valueOf(new String(name, StandardCharsets.US_ASCII));
        attempt = in.getInt();
        attemptStart = in.getLong();
        stallStep = in.getLong();
        endedAt = in.getLong();
        excluded = in.get() != 0;
        pace.load(in);
        tokens.load(in);
    }
}
