package io.straightedge.fitter.curve;

import io.straightedge.protocol.run.DecayShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a learning rate that nobody planned will do, from what it has done.
 *
 * <p>Still rising, or flat since its peak: constant. Fallen and risen again: the last cycle repeats. Only flats and
 * jumps since its peak: stays. Else a decay towards the planned end: linear, cosine, 1 - sqrt, exponential or inverse
 * square root, from the peak on or after a plateau, by {@link DecaySearch}. A family weighs prior times exp(-n r^2 / 2
 * a^2), r its misfit, a = {@link DecayGuess#ACCURACY}, n = {@value #INDEPENDENT}; the heaviest is taken, and the spread
 * of the others' ends is told. About a millisecond.
 */
final class LrInference {

    /** A rate is at its peak when not further below. */
    private static final double AT_PEAK = 0.998;

    private static final double FELL = 0.9;
    private static final double ROSE = 0.2;
    private static final double JUMP = 0.02;
    private static final double FLAT = 0.004;
    private static final double SUDDEN = 0.02;
    private static final double INDEPENDENT = 10;

    /** A cooldown to zero or none, evens: root mean square of the anneal's distance from none. */
    static final double ANY_COOLDOWN = Math.sqrt(0.5);

    /** Held after steps, one more factor of three either comes or does not. */
    private static final double ANOTHER_STEP = 0.3;

    /** Misfit from which no family is believed. */
    private static final double UNLIKE = 0.02;

    /** Families, the inverse square root as null; how common each is from the peak on, and after a plateau. */
    private static final @Nullable DecayShape[] SHAPES = {
        DecayShape.COSINE, DecayShape.LINEAR, DecayShape.ONE_MINUS_SQRT, DecayShape.EXPONENTIAL, null
    };

    private static final double[] FROM_PEAK = {0.5, 0.2, 0.01, 0.05, 0.05};
    private static final double[] AFTER_PLATEAU = {0.03, 0.09, 0.05, 0.02, 0.001};

    private static final String UNFALLEN =
            "the learning rate has not fallen so far: it may stay constant or be cooled down at the end, and the interval is wide";

    private LrInference() {}

    /** The continuation up to {@code plannedSteps} of rates of which not all are zero. */
    static Continuation of(LrSeen seen, double plannedSteps) {
        int n = seen.size();
        double peak = seen.peak();
        double last = seen.lr(n - 1);
        int first = 0;
        while (seen.lr(first) < AT_PEAK * peak) {
            first++;
        }
        if (first == n - 1) {
            return constant(last, UNFALLEN);
        }
        int risen = lastRise(seen, first);
        if (risen > first) {
            double cycle = seen.step(risen) - seen.step(previousTop(seen, first, risen));
            if (cycle > 0 && seen.end() - seen.step(risen) <= cycle) {
                return repeated(seen, cycle);
            }
            first = risen;
        }
        double level = seen.lr(first);
        int top = first;
        for (int i = first; i < n; i++) {
            top = seen.lr(i) >= AT_PEAK * level ? i : top;
        }
        if (top == n - 1) {
            return constant(last, UNFALLEN);
        }
        if (steps(seen, top)) {
            return new Continuation(
                    new Held(last),
                    PlanOrigin.INFERRED,
                    "from the learning rates seen so far steps are assumed, and that the last of them has come",
                    ANOTHER_STEP);
        }
        return decay(seen, first, top, plannedSteps);
    }

    private static Continuation constant(double rate, String words) {
        return new Continuation(new Held(rate), PlanOrigin.ASSUMED, words, ANY_COOLDOWN);
    }

    /** Where the rate last came to a top after it had fallen; {@code first} when it never did. */
    private static int lastRise(LrSeen seen, int first) {
        double high = seen.lr(first);
        double low = high;
        int top = first;
        boolean fallen = false;
        for (int i = first + 1; i < seen.size(); i++) {
            double rate = seen.lr(i);
            if (fallen && rate >= low + ROSE * seen.peak()) {
                fallen = false;
                top = i;
                high = rate;
                low = rate;
            } else if (!fallen && top > first && rate > high) {
                top = i;
                high = rate;
            }
            low = Math.min(low, rate);
            fallen |= rate <= FELL * high;
        }
        return top;
    }

    /** The top of the cycle before the one that begins at {@code risen}. */
    private static int previousTop(LrSeen seen, int first, int risen) {
        int earlier = first;
        for (int until = first + 2; until < risen; until++) {
            double[] step = new double[until + 1];
            double[] lr = new double[until + 1];
            for (int i = 0; i <= until; i++) {
                step[i] = seen.step(i);
                lr[i] = seen.lr(i);
            }
            earlier = Math.max(earlier, lastRise(new LrSeen(step, lr, true, 1), first));
        }
        return earlier;
    }

    /** Only flats and jumps after the peak, the last a flat. */
    private static boolean steps(LrSeen seen, int top) {
        double peak = seen.peak();
        int jumps = 0;
        int n = seen.size();
        double sudden = SUDDEN * (seen.end() - seen.step(0));
        for (int i = top + 1; i < n; i++) {
            double fall = (seen.lr(i - 1) - seen.lr(i)) / peak;
            double steps = seen.step(i) - seen.step(i - 1);
            if (fall >= JUMP && steps <= sudden) {
                jumps++;
            } else if (Math.abs(fall) > FLAT) {
                return false;
            }
        }
        double lastFall = (seen.lr(n - 2) - seen.lr(n - 1)) / peak;
        return jumps > 0 && lastFall <= FLAT;
    }

    private static Continuation repeated(LrSeen seen, double cycle) {
        RelativeRate rate = new RelativeRate() {
            @Override
            public double at(double step) {
                double cycles = Math.max(0, Math.ceil((step - seen.end()) / cycle));
                return seen.at(step - cycles * cycle);
            }

            @Override
            public double[] breaks() {
                return new double[] {seen.end(), seen.end(), seen.end(), seen.end()};
            }
        };
        String words = String.format(
                Locale.ROOT,
                "from the learning rates seen so far a schedule that restarts every %,d steps is assumed",
                Math.round(cycle));
        return new Continuation(rate, PlanOrigin.INFERRED, words, ANOTHER_STEP);
    }

    private static Continuation decay(LrSeen seen, int first, int top, double plannedSteps) {
        double level = seen.lr(first);
        DecaySearch search = new DecaySearch(seen, first, plannedSteps);
        List<DecayGuess> guesses = new ArrayList<>();
        double[] logWeight = new double[2 * SHAPES.length];
        for (int i = 0; i < SHAPES.length; i++) {
            DecayGuess direct = search.fromPeak(SHAPES[i]);
            DecayGuess after = search.afterPlateau(SHAPES[i], seen.step(top + 1));
            logWeight[guesses.size()] = Math.log(FROM_PEAK[i]) + evidence(direct);
            guesses.add(direct);
            logWeight[guesses.size()] = Math.log(AFTER_PLATEAU[i]) + evidence(after);
            guesses.add(after);
        }
        int best = 0;
        for (int i = 1; i < logWeight.length; i++) {
            best = logWeight[i] > logWeight[best] ? i : best;
        }
        DecayGuess chosen = guesses.get(best);
        if (!Double.isFinite(chosen.misfit())) {
            return constant(seen.lr(seen.size() - 1), "the run is past its planned end: a constant one is assumed");
        }
        double total = 0;
        double spread = 0;
        for (int i = 0; i < logWeight.length; i++) {
            double weight = Math.exp(logWeight[i] - logWeight[best]);
            if (weight > 0) {
                double off = guesses.get(i).anneal() - chosen.anneal();
                double own = guesses.get(i).annealSd();
                total += weight;
                spread += weight * (off * off + own * own);
            }
        }
        double sd = Math.sqrt(spread / total);
        boolean unlike = chosen.misfit() > UNLIKE;
        String words = (unlike
                        ? "no known shape fits the learning rates seen so far; the nearest, "
                        : "from the learning rates seen so far ")
                + words(chosen, best % 2 == 1, plannedSteps);
        return new Continuation(
                met(chosen, level, seen), PlanOrigin.INFERRED, words, unlike ? Math.max(sd, ANOTHER_STEP) : sd);
    }

    private static double evidence(DecayGuess guess) {
        double off = guess.misfit() / DecayGuess.ACCURACY;
        return -0.5 * INDEPENDENT * off * off + guess.logUsual();
    }

    private static String words(DecayGuess chosen, boolean plateau, double plannedSteps) {
        String from = plateau ? String.format(Locale.ROOT, " since step %,d", Math.round(chosen.start())) : "";
        return String.format(
                Locale.ROOT,
                "%s%s to %.0f %% of the peak by step %,d is assumed",
                chosen.noun(),
                from,
                100 * chosen.left(),
                Math.round(plannedSteps));
    }

    /** The guess in the unit of the rates seen, moved to go through the last of them where that is a small move. */
    private static RelativeRate met(DecayGuess guess, double level, LrSeen seen) {
        double there = level * guess.at(seen.end());
        double last = seen.lr(seen.size() - 1);
        double factor = last > FELL * there && last * FELL < there ? last / there : 1;
        return new RelativeRate() {
            @Override
            public double at(double step) {
                return factor * level * guess.at(step);
            }

            @Override
            public double[] breaks() {
                return guess.breaks();
            }
        };
    }

    /** A rate that stays. */
    private record Held(double rate) implements RelativeRate {
        @Override
        public double at(double step) {
            return rate;
        }

        @Override
        public double[] breaks() {
            return new double[Knots.FIXED];
        }
    }
}
