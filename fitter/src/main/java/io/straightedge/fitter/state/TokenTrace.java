package io.straightedge.fitter.state;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens a run has seen by each step, where its batch may change on the way.
 *
 * <p>tokens(k) is linear between knots (k_i, D_i), the first at (0, 0), and goes on from the last with the tokens a
 * step that the observations show, or that the manifest tells while they agree to .1 % or show none. A knot is set
 * where a manifest changes the tokens a step of a run that is under way, and where the observed rate over at least 1 %
 * of the steps and {@value #STRETCH_OBSERVATIONS} observations is off that of its segment by more than 5 %. At most
 * {@value #MOST} knots: of more, the one nearest to the line between its neighbours goes. Tokens that do not rise are
 * left out. O(1) an observation.
 */
final class TokenTrace {

    static final int MOST = 8;

    /** Most bytes that {@link #save} writes. */
    static final int BYTES = 1 + 16 * MOST + 5 * 8 + 4;

    private static final double CHANGED = .05;
    private static final double AGREES = .001;
    private static final double STRETCH = .01;
    private static final int STRETCH_OBSERVATIONS = 4;

    // [0, size) in rising order.
    private final double[] knotStep = new double[MOST + 1];
    private final double[] knotTokens = new double[MOST + 1];
    private int size = 1;

    /** Tokens a step since the last knot, as observed; NaN when they were not. */
    private double observedRate = Double.NaN;

    private double lastStep;
    private double lastTokens;

    /** Where the present stretch began. */
    private double markStep;

    private double markTokens;
    private int sinceMark;

    /** An observation told the tokens seen; true when it shows that the tokens a step have changed. */
    boolean see(double step, double tokens) {
        if (!(step > lastStep && tokens > lastTokens)) {
            return false;
        }
        boolean changed = false;
        sinceMark++;
        double stretch = step - markStep;
        if (sinceMark >= STRETCH_OBSERVATIONS && stretch >= STRETCH * step) {
            double rate = (tokens - markTokens) / stretch;
            if (markStep > knotStep[size - 1] && Math.abs(rate / observedRate - 1) > CHANGED) {
                knot(markStep, markTokens);
                changed = true;
            }
            mark(step, tokens);
        }
        lastStep = step;
        lastTokens = tokens;
        observedRate = (tokens - knotTokens[size - 1]) / (step - knotStep[size - 1]);
        return changed;
    }

    /** From {@code step} on a manifest tells another number of tokens a step than {@code before}. */
    void change(double step, double before) {
        double tokens = at(step, before);
        if (step > knotStep[size - 1] && tokens > knotTokens[size - 1]) {
            knot(step, tokens);
        }
        observedRate = Double.NaN;
        lastStep = knotStep[size - 1];
        lastTokens = knotTokens[size - 1];
        mark(lastStep, lastTokens);
    }

    /** The run goes on from {@code step}: at the rate that a manifest has told meanwhile, else at that of before. */
    void rewind(double step, @Nullable Double told) {
        if (lastStep < step && knotStep[size - 1] < step) {
            return;
        }
        boolean toldOnly = told != null && Double.isNaN(observedRate) && size > 1;
        double tokens = at(step - 1, told);
        while (size > 1 && knotStep[size - 1] >= step) {
            size--;
            observedRate = (knotTokens[size] - knotTokens[size - 1]) / (knotStep[size] - knotStep[size - 1]);
        }
        if (toldOnly && step - 1 > knotStep[size - 1]) {
            knot(step - 1, tokens);
            observedRate = Double.NaN;
        }
        lastStep = knotStep[size - 1];
        lastTokens = knotTokens[size - 1];
        mark(lastStep, lastTokens);
    }

    /** Tokens a step from now on; NaN when unknown. */
    double rate(@Nullable Double told) {
        boolean agrees = told != null && !(Math.abs(observedRate / told - 1) > AGREES);
        return told != null && agrees ? told : observedRate;
    }

    /** Tokens by {@code step}; NaN when unknown. */
    double at(double step, @Nullable Double told) {
        int i = size - 1;
        while (i > 0 && knotStep[i] > step) {
            i--;
        }
        double rate =
                i == size - 1 ? rate(told) : (knotTokens[i + 1] - knotTokens[i]) / (knotStep[i + 1] - knotStep[i]);
        return knotTokens[i] + (step - knotStep[i]) * rate;
    }

    /** The step by which {@code tokens} will have been seen; NaN when unknown. */
    double stepAt(double tokens, @Nullable Double told) {
        int i = size - 1;
        while (i > 0 && knotTokens[i] > tokens) {
            i--;
        }
        double rate =
                i == size - 1 ? rate(told) : (knotTokens[i + 1] - knotTokens[i]) / (knotStep[i + 1] - knotStep[i]);
        return knotStep[i] + (tokens - knotTokens[i]) / rate;
    }

    void save(ByteBuffer out) {
        out.put((byte) size);
        for (int i = 0; i < size; i++) {
            out.putDouble(knotStep[i]).putDouble(knotTokens[i]);
        }
        out.putDouble(observedRate).putDouble(lastStep).putDouble(lastTokens);
        out.putDouble(markStep).putDouble(markTokens).putInt(sinceMark);
    }

    void load(ByteBuffer in) {
        size = in.get();
        for (int i = 0; i < size; i++) {
            knotStep[i] = in.getDouble();
            knotTokens[i] = in.getDouble();
        }
        observedRate = in.getDouble();
        lastStep = in.getDouble();
        lastTokens = in.getDouble();
        markStep = in.getDouble();
        markTokens = in.getDouble();
        sinceMark = in.getInt();
    }

    private void mark(double step, double tokens) {
        markStep = step;
        markTokens = tokens;
        sinceMark = 0;
    }

    private void knot(double step, double tokens) {
        knotStep[size] = step;
        knotTokens[size] = tokens;
        size++;
        if (size > MOST) {
            int straightest = 1;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 1; i < size - 1; i++) {
                double x = (knotStep[i] - knotStep[i - 1]) / (knotStep[i + 1] - knotStep[i - 1]);
                double line = knotTokens[i - 1] + x * (knotTokens[i + 1] - knotTokens[i - 1]);
                double bend = Math.abs(knotTokens[i] / line - 1);
                if (bend < least) {
                    least = bend;
                    straightest = i;
                }
            }
            size--;
            System.arraycopy(knotStep, straightest + 1, knotStep, straightest, size - straightest);
            System.arraycopy(knotTokens, straightest + 1, knotTokens, straightest, size - straightest);
        }
    }
}
