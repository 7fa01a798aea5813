package io.straightedge.fitter.interval;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a study's forecasts of one split have been worth: its last {@value #RUNS} scored runs, and the interval factors
 * that they teach.
 *
 * <p>Each run has a numbered place, which is saved by itself; a new one takes the first free place or that of the run
 * scored longest ago. So a run that is scored again replaces its own score, a run forgotten leaves no trace, and
 * nothing drifts: all figures are of the runs held. Not thread-safe.
 */
public final class ForecastLedger {

    /** Least factor: scales that were a hundred times too wide are not trusted to be wider still. */
    private static final double LEAST = 0.01;

    /** Runs held. */
    public static final int RUNS = 256;

    private final @Nullable ScoredRun[] places = new ScoredRun[RUNS];
    private final BitSet dirty = new BitSet();
    /** Factors by fraction, [COUNT]; null when they have to be made again. */
    private final Map<ConformalFactors, IntervalFactors[]> factors = new HashMap<>();

    /** Takes a run's score, in place of its last one; one in which nothing could be scored only removes that. */
    public void put(ScoredRun scored) {
        remove(scored.run());
        if (scored.forecasts().isEmpty()) {
            return;
        }
        int place = 0;
        for (int i = 0; i < RUNS; i++) {
            ScoredRun held = places[i];
            ScoredRun least = places[place];
            if (held == null) {
                place = i;
                break;
            }
            place = least != null && held.sequence() < least.sequence() ? i : place;
        }
        places[place] = scored;
        dirty.set(place);
        factors.clear();
    }

    /** Forgets a run; true when it was held. */
    public boolean remove(String run) {
        for (int i = 0; i < RUNS; i++) {
            ScoredRun held = places[i];
            if (held != null && held.run().equals(run)) {
                places[i] = null;
                dirty.set(i);
                factors.clear();
                return true;
            }
        }
        return false;
    }

    /** The runs held, by when they were scored. */
    public List<ScoredRun> runs() {
        List<ScoredRun> runs = new ArrayList<>();
        for (ScoredRun held : places) {
            if (held != null) {
                runs.add(held);
            }
        }
        runs.sort(Comparator.comparingLong(ScoredRun::sequence).thenComparing(ScoredRun::run));
        return runs;
    }

    public boolean isEmpty() {
        return runs().isEmpty();
    }

    /**
     * By what the scale of a forecast made at that fraction of its run is multiplied.
     *
     * <p>At each of {@link ScoredFractions} the |z| of the runs held, one a run, are mixed with the shipped factors as
     * {@link MixedQuantile} says; between those fractions linear in ln f, outside held. Without runs the shipped factors.
     */
    public IntervalFactors factors(ConformalFactors shipped, double fraction) {
        IntervalFactors[] table = table(shipped);
        int low = ScoredFractions.passed(fraction);
        if (low < 0) {
            return table[0];
        }
        if (low == ScoredFractions.COUNT - 1) {
            return table[low];
        }
        double from = ScoredFractions.at(low);
        double part = Math.log(fraction / from) / Math.log(ScoredFractions.at(low + 1) / from);
        IntervalFactors a = table[low];
        IntervalFactors b = table[low + 1];
        return new IntervalFactors(
                a.at50() + part * (b.at50() - a.at50()),
                a.at80() + part * (b.at80() - a.at80()),
                a.at95() + part * (b.at95() - a.at95()));
    }

    /**
     * Mean |forecast - what came| / what came of a method's own forecasts near that fraction; NaN when it has made none.
     *
     * @param fraction of the run; the nearest of {@link ScoredFractions} is looked at
     */
    public double meanRelativeError(ForecastMethod method, double fraction) {
        return mean(method, fraction, score -> Math.abs(score.error / score.observed));
    }

    /** Mean of z^2 = ((what came - forecast)/scale)^2 of a method's own forecasts near that fraction; NaN without any. */
    public double meanSquareZ(ForecastMethod method, double fraction) {
        return mean(method, fraction, score -> square(score.error / score.scale));
    }

    /** How many of a method's own forecasts near that fraction are held. */
    public int count(ForecastMethod method, double fraction) {
        return scores(method, ScoredFractions.nearest(fraction)).size();
    }

    private double mean(ForecastMethod method, double fraction, ToDoubleFunction<Score> of) {
        return scores(method, ScoredFractions.nearest(fraction)).stream()
                .mapToDouble(of)
                .average()
                .orElse(Double.NaN);
    }

    /** One forecast held against what came: error = forecast - observed. */
    record Score(double error, double scale, double observed) {}

    /** A method's own forecasts at the i-th fraction, by when their runs were scored. */
    List<Score> scores(ForecastMethod method, int i) {
        List<Score> scores = new ArrayList<>();
        for (ScoredRun run : runs()) {
            KeptForecast forecast = i < 0 ? null : run.at(i);
            List<KeptForecast.Part> parts = forecast == null ? List.of() : forecast.parts();
            for (KeptForecast.Part part : parts) {
                if (part.method() == method && part.scale() > 0) {
                    scores.add(new Score(part.mean() - run.observed(), part.scale(), run.observed()));
                }
            }
        }
        return scores;
    }

    private IntervalFactors[] table(ConformalFactors shipped) {
        IntervalFactors[] made = factors.get(shipped);
        if (made == null) {
            made = new IntervalFactors[ScoredFractions.COUNT];
            List<ScoredRun> runs = runs();
            for (int i = 0; i < made.length; i++) {
                made[i] = mixed(shipped.at(ScoredFractions.at(i)), runs, i);
            }
            factors.put(shipped, made);
        }
        return made;
    }

    private static IntervalFactors mixed(IntervalFactors shipped, List<ScoredRun> runs, int i) {
        double[] z = runs.stream()
                .mapMultiToDouble((run, out) -> {
                    KeptForecast forecast = run.at(i);
                    if (forecast != null) {
                        out.accept(forecast.z(run.observed()));
                    }
                })
                .toArray();
        if (z.length == 0) {
            return shipped;
        }
        MixedQuantile quantile = new MixedQuantile(shipped, z);
        return new IntervalFactors(
                Math.max(LEAST, quantile.at(0.5)),
                Math.max(LEAST, quantile.at(0.8)),
                Math.max(LEAST, quantile.at(0.95)));
    }

    /** Places that have changed since {@link #clean}, rising. */
    public int[] dirty() {
        return dirty.stream().toArray();
    }

    public void clean() {
        dirty.clear();
    }

    /** Places that hold a run, rising. */
    public int[] held() {
        BitSet held = new BitSet();
        for (int i = 0; i < RUNS; i++) {
            held.set(i, places[i] != null);
        }
        return held.stream().toArray();
    }

    /** What a place holds, as bytes; empty when it is free. */
    public byte[] save(int place) {
        ScoredRun held = places[place];
        return held == null ? new byte[0] : held.save();
    }

    /** Restores a place. */
    public void load(int place, ByteBuffer in) {
        places[place] = ScoredRun.load(in);
        factors.clear();
    }

    private static double square(double x) {
        return x * x;
    }
}
