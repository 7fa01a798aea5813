package io.straightedge.fitter.state;

import io.straightedge.fitter.curve.CurveFit;
import io.straightedge.fitter.curve.LogBins;
import io.straightedge.fitter.curve.LrPlan;
import io.straightedge.fitter.curve.NoiseScale;
import io.straightedge.fitter.detect.RiseRule;
import io.straightedge.fitter.solve.Outcome;
import io.straightedge.protocol.fit.ForecastScore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One split of one run: its binned curve and what the detectors need.
 *
 * <p>About 7 kB whatever the run's length. The forecast itself is not kept: it is a function of the closed bins, and
 * {@link #fitBins} and {@link #fitSigma} say of which.
 */
final class SplitState {

    /** Bytes of {@link #saveHead} beside the noise scale's doubles. */
    private static final int HEAD_BYTES = 256;

    /** Fractions of the plan at which a forecast is kept for scoring. */
    static final double[] SCORED_FRACTIONS = {.1, .2, .3, .5, .7, .9};

    final LogBins bins = new LogBins();
    final NoiseScale noise = new NoiseScale();
    final SeenWindow seen = new SeenWindow();
    final RiseRule rise = new RiseRule();

    /** The run's attempt that this split has last been seen in. */
    int attempt;

    long lastStep = -1;
    double tokens = Double.NaN;
    double lastLoss = Double.NaN;
    boolean finite = true;
    long notFiniteSince = -1;
    long nanIterations = -1;

    /** Observations behind the last step in a row, and the last of them: three in rising order are a restart. */
    int behindInRow;

    long behindStep = -1;

    long revision;
    long sinceRevision;

    /** Mean over the last 2 % of the planned steps. */
    long tailCount;

    double tailMean;

    double observedFinal = Double.NaN;

    /** Which bins the fit in force saw; 0 before the first. */
    int fitBins;

    double fitSigma = Double.NaN;

    final List<ForecastScore.Entry> kept = new ArrayList<>();
    boolean keptDirty;

    /** Bit o is set when a closed bin of octave o has changed since the last save. */
    long dirtyOctaves;

    boolean dirty;

    /** The fit in force; null when it has to be made again. */
    @Nullable
    Outcome<CurveFit> fit;

    /** Adds a finite loss that no detector objects to; true when that closed a bin. */
    boolean observe(long step, double loss, long plannedSteps) {
        noise.add(loss);
        int before = bins.size();
        boolean closed = bins.add(step, loss);
        if (closed && before > 0) {
            dirtyOctaves |= octaveBit(bins.index(before - 1));
        }
        if (plannedSteps > 0 && step > .98 * plannedSteps) {
            tailCount++;
            tailMean += (loss - tailMean) / tailCount;
        }
        return closed;
    }

    /** Goes back to {@code step}, where the run has started again. */
    void rewind(long step, long plannedSteps) {
        for (int i = 0; i < bins.size(); i++) {
            if (bins.meanStep(i) >= step || i == bins.size() - 1) {
                dirtyOctaves |= octaveBit(bins.index(i));
            }
        }
        bins.truncate(step);
        if (bins.size() > 0) {
            dirtyOctaves |= octaveBit(bins.index(bins.size() - 1));
        }
        seen.rewind(lastStep, step);
        lastStep = Math.min(lastStep, step - 1);
        behindInRow = 0;
        behindStep = -1;
        fitBins = Math.min(fitBins, bins.size());
        fit = null;
        if (plannedSteps > 0 && step <= .98 * plannedSteps) {
            tailCount = 0;
            tailMean = 0;
        }
        observedFinal = Double.NaN;
        keptDirty |= kept.removeIf(entry -> plannedSteps > 0 && entry.fraction() * plannedSteps >= step);
        rise.accept();
    }

    /** Bins that no observation can change any more, short of a restart. */
    int closedBins() {
        return Math.max(0, bins.size() - 1);
    }

    /** Final loss as observed: the tail's mean, else the last bin's, else NaN. */
    double tail() {
        if (tailCount > 0) {
            return tailMean;
        }
        return bins.size() > 0 ? bins.mean(bins.size() - 1) : Double.NaN;
    }

    /** Tokens a step, from the last observation that told both; NaN when none did. */
    double observedTokensPerStep() {
        return lastStep > 0 && tokens > 0 ? tokens / lastStep : Double.NaN;
    }

    byte[] saveHead() {
        double[] noiseState = noise.state();
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + 8 * noiseState.length);
        out.putInt(attempt).putLong(lastStep).putDouble(tokens).putDouble(lastLoss);
        out.put((byte) (finite ? 1 : 0)).putLong(notFiniteSince).putLong(nanIterations);
        out.putInt(behindInRow).putLong(behindStep).putLong(revision).putLong(sinceRevision);
        out.putLong(tailCount).putDouble(tailMean).putDouble(observedFinal);
        out.putInt(fitBins).putDouble(fitSigma);
        rise.save(out);
        out.put((byte) noiseState.length);
        for (double value : noiseState) {
            out.putDouble(value);
        }
        int open = bins.size() - 1;
        out.put((byte) (open >= 0 ? 1 : 0));
        if (open >= 0) {
            putBin(out, open);
        }
        byte[] head = new byte[out.position()];
        out.flip().get(head);
        return head;
    }

    /** Restores the head; the octaves' closed bins must have been restored before it. */
    void restoreHead(ByteBuffer in) {
        attempt = in.getInt();
        lastStep = in.getLong();
        tokens = in.getDouble();
        lastLoss = in.getDouble();
        finite = in.get() != 0;
        notFiniteSince = in.getLong();
        nanIterations = in.getLong();
        behindInRow = in.getInt();
        behindStep = in.getLong();
        revision = in.getLong();
        sinceRevision = in.getLong();
        tailCount = in.getLong();
        tailMean = in.getDouble();
        observedFinal = in.getDouble();
        fitBins = in.getInt();
        fitSigma = in.getDouble();
        rise.load(in);
        double[] noiseState = new double[in.get()];
        for (int i = 0; i < noiseState.length; i++) {
            noiseState[i] = in.getDouble();
        }
        noise.restore(noiseState);
        if (in.get() != 0) {
            restoreBin(in);
        }
    }

    /** The closed bins of an octave, oldest first; empty when there are none. */
    byte[] saveOctave(int octave) {
        ByteBuffer out = ByteBuffer.allocate(LogBins.PER_OCTAVE * 36);
        for (int i = 0; i < closedBins(); i++) {
            if (bins.index(i) / LogBins.PER_OCTAVE == octave) {
                putBin(out, i);
            }
        }
        byte[] saved = new byte[out.position()];
        out.flip().get(saved);
        return saved;
    }

    void restoreBin(ByteBuffer in) {
        bins.put(in.getInt(), in.getLong(), in.getDouble(), in.getDouble(), in.getDouble());
    }

    void clean() {
        dirty = false;
        keptDirty = false;
        dirtyOctaves = 0;
        seen.clean();
    }

    /** The plan's fraction, in percent steps, that has just been passed and is not kept yet; NaN when none. */
    double fractionToKeep(LrPlan plan, long step) {
        double fraction = step / (double) plan.plannedSteps();
        double passed = Double.NaN;
        for (double candidate : SCORED_FRACTIONS) {
            if (fraction >= candidate) {
                passed = candidate;
            }
        }
        boolean newer = kept.isEmpty() || passed > kept.get(kept.size() - 1).fraction();
        return newer ? passed : Double.NaN;
    }

    private void putBin(ByteBuffer out, int i) {
        out.putInt(bins.index(i)).putLong(bins.count(i)).putDouble(bins.meanStep(i));
        out.putDouble(bins.mean(i)).putDouble(bins.m2(i));
    }

    private static long octaveBit(int index) {
        return 1L << (index / LogBins.PER_OCTAVE);
    }
}
