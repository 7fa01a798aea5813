package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.NoiseScale;
import io.straightedge.fitter.detect.CollapseRule;
import io.straightedge.fitter.detect.RiseRule;
import io.straightedge.fitter.detect.ShiftRule;
import io.straightedge.fitter.detect.SlowRule;
import io.straightedge.fitter.history.FinishedRun;
import io.straightedge.fitter.history.Informed;
import io.straightedge.fitter.interval.ForecastTrail;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.codec.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One split of one run: its binned curve and what the detectors need.
 *
 * <p>At most 6 kB whatever the run's length: 1 kB is the window of what was seen, and a closed bin is 16 bytes. The
 * forecast itself is not kept: it is a function of {@link #fitted}, which are closed bins and one more, of {@link
 * #fitSigma} and of {@link #informed}.
 */
final class SplitState {

    /** Bytes of {@link #saveHead} beside the noise scale's doubles. */
    private static final int HEAD_BYTES = 800;

    private static final double TAIL_FROM = .98;

    /** A run that goes back further than this has begun anew. */
    private static final double FAR_BACK = .5;

    /** A run that has come so far has come to its planned end: jobs do not log each step. */
    static final double ALL_BUT = .99;

    final LogBins bins = new LogBins();
    final NoiseScale noise = new NoiseScale();
    final SeenWindow seen = new SeenWindow();
    final RiseRule rise = new RiseRule();
    final CollapseRule collapse = new CollapseRule();
    final SpikeEdges edges = new SpikeEdges();
    final ShiftRule shift = new ShiftRule();

    final SlowRule slow = new SlowRule();
    final AcceptedLevels levels = new AcceptedLevels();

    /** The rule of shifts on the logarithm of the gradient norm; null while none was sent. */
    @Nullable
    ShiftRule gradient;

    /** The run that sees the same data; null while none is known. */
    @Nullable
    Pair pair;

    /** Whether there was one that is to be held against no more. */
    boolean pairLeft;

    /** Whether the run is found not to learn. */
    boolean neverLearns;

    /** The last logged learning rate; NaN when it was not logged. */
    float lastRate = Float.NaN;

    /** What the next observations are held against. */
    NearForecast near = NearForecast.NONE;

    final RecentMean recent = new RecentMean();

    /** The run's attempt that this split has last been seen in. */
    int attempt;

    long lastStep = -1;
    double tokens = Double.NaN;
    double lastLoss = Double.NaN;
    boolean finite = true;
    long notFiniteSince = -1;
    int notFiniteFor;
    long nanIterations = -1;

    /** Observations behind the last step in a row, and the last of them: three in rising order are a restart. */
    int behindInRow;

    long behindStep = -1;

    /** Where that row began, and those of it that are not in the curve: a restart takes them in. */
    long behindFirst = -1;

    final List<Held> held = new ArrayList<>();

    /** An observation behind the last step. NaN is what it did not tell. */
    record Held(long step, double lossNats, double tokens, double lr) {}

    long revision;
    long sinceRevision;

    /** Mean over the last 2 % of the planned steps. */
    long tailCount;

    double tailMean;

    double observedFinal = Double.NaN;

    /** The bins that the fit in force saw, the last as it stood then; empty before the first. */
    LogBins fitted = new LogBins();

    /** The last step that it saw; negative before the first. */
    long fitStep = -1;

    double fitSigma = Double.NaN;

    /** What the study's finished runs said when that fit was made; null before the first. */
    @Nullable
    Informed informed;

    boolean informedDirty;

    /** What has been found of it beside other runs; null while nothing has. */
    @Nullable
    CrossRun crossRun;

    boolean crossDirty;

    /** The fit that has just been made of the curve alone; null where none was. */
    @Nullable
    CurveFit own;

    final ForecastTrail trail = new ForecastTrail();
    boolean trailDirty;

    /** The final loss and the last step by which the forecasts were last scored. */
    double scoredFinal = Double.NaN;

    long scoredEnd = -1;

    /** Bit o is set when a closed bin of octave o has changed since the last save. */
    long dirtyOctaves;

    boolean dirty;

    /** The fit in force; null when it has to be made again. */
    @Nullable
    Outcome<CurveFit> fit;

    /** What the finished run teaches, made from the bins when first asked for; null when it has to be made again. */
    @Nullable
    Outcome<FinishedRun> lesson;

    /** Forecasts under other plans, made beside the fit in force; null when they have to be made again. */
    WhatIfs.@Nullable Answered answered;

    /** Adds a finite loss that no detector objects to; true when the fit in force should see more bins than it has. */
    boolean observe(long step, double loss, long plannedSteps) {
        noise.add((double) step, loss);
        edges.entered(step, loss);
        lesson = null;
        int before = bins.size();
        boolean closed = bins.add(step, loss);
        if (closed && before > 0) {
            bins.settle(before - 1);
            dirtyOctaves |= octaveBit(bins.index(before - 1));
        }
        addToTail(step, loss, plannedSteps);
        return fitStep < 0 || levels.since(fitStep) || LogBins.quarterOf(step) > LogBins.quarterOf(fitStep);
    }

    /** The curve goes on {@code nats} higher from the next observation on, and has to be fitted again. */
    void accept(double nats) {
        levels.accept(lastStep, bins, nats);
        fit = null;
        lesson = null;
    }

    /** What is to be fitted: the bins that the fit in force saw, on the level that they end on. */
    LogBins onLevel() {
        return levels.of(fitted);
    }

    private void addToTail(long step, double loss, long plannedSteps) {
        recent.add(step, loss);
        if (plannedSteps > 0 && step > TAIL_FROM * plannedSteps) {
            tailCount++;
            tailMean += (loss - tailMean) / tailCount;
        }
    }

    /**
     * Takes the curve as it stands for the fit, rounded as it will be saved: a fit made again after a restore sees the
     * same.
     */
    void freeze() {
        fitted = bins.first(bins.size());
        if (fitted.size() > 0) {
            fitted.settle(fitted.size() - 1);
        }
        fitStep = lastStep;
        fitSigma = noise.sigma();
        fit = null;
    }

    ShiftRule gradient() {
        ShiftRule known = gradient == null ? ShiftRule.ofGradient() : gradient;
        gradient = known;
        return known;
    }

    /** What the next observations are held against from now on. */
    void expect(NearForecast fresh) {
        if (near.known() && fresh.known()) {
            shift.moved(fresh.at(lastStep) - near.at(lastStep));
        }
        near = fresh;
    }

    /** Whether a loss that was overtaken on its way may still enter its bin: it is open, and the loss like it. */
    boolean mayFollow(long step, double loss) {
        int open = bins.size() - 1;
        double sigma = noise.sigma() > 0 ? noise.sigma() : 0;
        return open >= 0
                && bins.index(open) == LogBins.indexOf(step)
                && !rise.risen()
                && !shift.shifted()
                && !edges.inTail()
                && loss - bins.mean(open) <= RiseRule.limit(sigma);
    }

    /** Takes a loss that {@link #mayFollow}. */
    void follow(long step, double loss, long plannedSteps) {
        bins.add(step, loss);
        lesson = null;
        addToTail(step, loss, plannedSteps);
        seen.mark(lastStep, step, loss);
    }

    /** Counts an observation behind the last step; true when it makes a row of them that tells of a restart. */
    boolean behind(Held late) {
        if (late.step() <= behindStep || behindInRow == 0) {
            behindInRow = 0;
            behindFirst = late.step();
            held.clear();
        }
        behindInRow++;
        behindStep = late.step();
        return behindInRow >= Stragglers.BEHIND_IS_RESTART;
    }

    /** The row of observations behind the last step has come to an end. */
    void caughtUp() {
        behindInRow = 0;
        behindStep = -1;
        behindFirst = -1;
        held.clear();
    }

    /** Goes back to {@code step}, where the run has started again. */
    void rewind(long step, long plannedSteps) {
        for (int i = 0; i < bins.size(); i++) {
            if (bins.meanStep(i) >= step || i == bins.size() - 1) {
                dirtyOctaves |= octaveBit(bins.index(i));
            }
        }
        bins.truncate(step, lastStep);
        if (bins.size() > 0) {
            dirtyOctaves |= octaveBit(bins.index(bins.size() - 1));
        }
        seen.rewind(lastStep, step);
        boolean farBack = step < FAR_BACK * lastStep;
        lastStep = Math.min(lastStep, step - 1);
        caughtUp();
        recent.rewind(step);
        levels.rewind(step);
        edges.forget();
        double sigma = fitSigma;
        freeze();
        fitSigma = sigma;
        lesson = null;
        if (plannedSteps > 0 && step <= TAIL_FROM * plannedSteps) {
            tailCount = 0;
            tailMean = 0;
        }
        observedFinal = Double.NaN;
        trailDirty |= trail.rewind(step);
        rise.accept();
        collapse.restart();
        slow.clear();
        lastRate = Float.NaN;
        if (gradient != null) {
            gradient.clear(step - 1);
        }
        if (farBack) {
            shift.reset(step - 1);
            near = NearForecast.NONE;
        } else {
            shift.clear(step - 1);
        }
    }

    /** Bins that no observation can change any more, short of a restart. */
    int closedBins() {
        return Math.max(0, bins.size() - 1);
    }

    /**
     * Final loss as observed: the mean of the last 2 % of the plan where the run has come to its end, else of the last
     * steps that it made; NaN before the first.
     */
    double tail(long plannedSteps) {
        return tailCount > 0 && lastStep >= ALL_BUT * plannedSteps ? tailMean : recent.mean();
    }

    byte[] saveHead() {
        double[] noiseState = noise.state();
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + 8 * noiseState.length);
        out.putInt(attempt);
        putSteps(out, lastStep, notFiniteSince, nanIterations, behindStep, behindFirst, fitStep, scoredEnd);
        putSteps(out, revision, sinceRevision, tailCount, behindInRow, notFiniteFor, fitted.size());
        out.put((byte) (finite ? 1 : 0));
        out.putDouble(tokens).putDouble(lastLoss).putDouble(tailMean).putDouble(observedFinal);
        out.putDouble(fitSigma).putDouble(scoredFinal);
        if (fitted.size() > 0) {
            SavedBins.put(out, fitted, fitted.size() - 1);
        }
        rise.save(out);
        collapse.save(out);
        edges.save(out);
        recent.save(out);
        seen.save(out);
        shift.save(out);
        near.save(out);
        slow.save(out);
        levels.save(out);
        out.put((byte) ((neverLearns ? 1 : 0) + (gradient == null ? 0 : 2))).putFloat(lastRate);
        if (gradient != null) {
            gradient.save(out);
        }
        out.put((byte) held.size());
        for (Held late : held) {
            out.putLong(late.step()).putDouble(late.lossNats());
            out.putDouble(late.tokens()).putDouble(late.lr());
        }
        out.put((byte) noiseState.length);
        for (double value : noiseState) {
            out.putDouble(value);
        }
        int open = bins.size() - 1;
        out.put((byte) (open >= 0 ? 1 : 0));
        if (open >= 0) {
            SavedBins.put(out, bins, open);
        }
        byte[] head = new byte[out.position()];
        out.flip().get(head);
        return head;
    }

    /** Restores the head; the octaves' closed bins must have been restored before it. */
    void restoreHead(ByteBuffer in) {
        attempt = in.getInt();
        lastStep = step(in);
        notFiniteSince = step(in);
        nanIterations = step(in);
        behindStep = step(in);
        behindFirst = step(in);
        fitStep = step(in);
        scoredEnd = step(in);
        revision = step(in);
        sinceRevision = step(in);
        tailCount = step(in);
        behindInRow = (int) step(in);
        notFiniteFor = (int) step(in);
        int fittedBins = (int) step(in);
        finite = in.get() != 0;
        tokens = in.getDouble();
        lastLoss = in.getDouble();
        tailMean = in.getDouble();
        observedFinal = in.getDouble();
        fitSigma = in.getDouble();
        scoredFinal = in.getDouble();
        if (fittedBins > 0) {
            fitted = bins.first(fittedBins - 1);
            SavedBins.take(in, fitted);
        }
        rise.load(in);
        collapse.load(in);
        edges.load(in);
        recent.load(in);
        seen.load(in);
        shift.load(in);
        near = NearForecast.load(in);
        slow.load(in);
        levels.load(in);
        byte flags = in.get();
        neverLearns = (flags & 1) != 0;
        lastRate = in.getFloat();
        if ((flags & 2) != 0) {
            gradient().load(in);
        }
        for (int i = in.get(); i > 0; i--) {
            held.add(new Held(in.getLong(), in.getDouble(), in.getDouble(), in.getDouble()));
        }
        double[] noiseState = new double[in.get()];
        for (int i = 0; i < noiseState.length; i++) {
            noiseState[i] = in.getDouble();
        }
        noise.restore(noiseState);
        if (in.get() != 0) {
            SavedBins.take(in, bins);
        }
    }

    /** Numbers from -1 on. */
    private static void putSteps(ByteBuffer out, long... steps) {
        for (long step : steps) {
            Varint.put(out, step + 1);
        }
    }

    private static long step(ByteBuffer in) {
        return Varint.take(in) - 1;
    }

    /** The closed bins of an octave, oldest first; empty when there are none. */
    byte[] saveOctave(int octave) {
        ByteBuffer out = ByteBuffer.allocate(LogBins.PER_OCTAVE * SavedBins.MOST_BYTES);
        for (int i = 0; i < closedBins(); i++) {
            if (bins.index(i) / LogBins.PER_OCTAVE == octave) {
                SavedBins.put(out, bins, i);
            }
        }
        byte[] saved = new byte[out.position()];
        out.flip().get(saved);
        return saved;
    }

    void clean() {
        dirty = false;
        informedDirty = false;
        pairLeft = false;
        trailDirty = false;
        crossDirty = false;
        dirtyOctaves = 0;
        seen.clean();
    }

    private static long octaveBit(int index) {
        return 1L << (index / LogBins.PER_OCTAVE);
    }
}
