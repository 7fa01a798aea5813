package io.straightedge.fitter.interval;

import io.straightedge.protocol.fit.ForecastScore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was forecast of one finished run, against what came.
 *
 * @param sequence when it was scored: rises from score to score of a study
 * @param observed the final loss that came, nats per token, finite
 * @param endStep the run's last step, &gt; 0
 * @param forecasts at most one for each of {@link ScoredFractions}, by rising step
 */
public record ScoredRun(String run, long sequence, double observed, long endStep, List<KeptForecast> forecasts) {

    private static final int BYTES = 4 + 3 * 8 + 1;

    public ScoredRun {
        if (!Double.isFinite(observed) || endStep < 1) {
            throw new IllegalArgumentException("a run is scored by a finite final loss and ends at a step above 0");
        }
        forecasts = List.copyOf(forecasts);
    }

    /** Holds a trail against what came: of each fraction the forecast made nearest to it, for about the end that came. */
    public static ScoredRun of(String run, long sequence, double observed, long endStep, ForecastTrail trail) {
        @Nullable KeptForecast[] best = new KeptForecast[ScoredFractions.COUNT];
        for (KeptForecast forecast : trail.kept()) {
            int at = unscored(forecast, endStep) == null
                    ? ScoredFractions.nearest(forecast.step() / (double) endStep)
                    : -1;
            if (at < 0) {
                continue;
            }
            KeptForecast held = best[at];
            if (held == null || distance(forecast, endStep, at) < distance(held, endStep, at)) {
                best[at] = forecast;
            }
        }
        List<KeptForecast> forecasts = new ArrayList<>();
        for (KeptForecast forecast : best) {
            if (forecast != null) {
                forecasts.add(forecast);
            }
        }
        return new ScoredRun(run, sequence, observed, endStep, forecasts);
    }

    /** What is told of every forecast of a trail. */
    public static List<ForecastScore.Entry> entries(ForecastTrail trail, double observed, long endStep) {
        return trail.kept().stream()
                .map(forecast -> entry(forecast, observed, endStep))
                .toList();
    }

    private static ForecastScore.Entry entry(KeptForecast forecast, double observed, long endStep) {
        String unscored = Double.isFinite(observed) ? unscored(forecast, endStep) : "no final loss was observed";
        return new ForecastScore.Entry(
                forecast.step() / (double) endStep,
                forecast.forecast(),
                forecast.step(),
                forecast.plannedSteps(),
                unscored == null ? forecast.z(observed) : null,
                forecast.inForce().text(),
                forecast.partsByName(),
                unscored);
    }

    /** Why a forecast is not scored; null when it is. */
    private static @Nullable String unscored(KeptForecast forecast, long endStep) {
        if (!ForecastTrail.sameEnd(forecast.plannedSteps(), endStep)) {
            return "made for an end at step " + forecast.plannedSteps() + ", and the run ended at " + endStep;
        }
        return forecast.scale() > 0 ? null : "it had no scale";
    }

    private static double distance(KeptForecast forecast, long endStep, int at) {
        return Math.abs(Math.log(forecast.step() / (endStep * ScoredFractions.at(at))));
    }

    /** The forecast scored at the i-th fraction; null when there is none. */
    @Nullable
    KeptForecast at(int i) {
        for (KeptForecast forecast : forecasts) {
            if (ScoredFractions.nearest(forecast.step() / (double) endStep) == i) {
                return forecast;
            }
        }
        return null;
    }

    byte[] save() {
        byte[] name = run.getBytes(StandardCharsets.UTF_8);
        int size = BYTES
                + name.length
                + forecasts.stream().mapToInt(KeptForecast::bytes).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(name.length).put(name).putLong(sequence).putDouble(observed).putLong(endStep);
        out.put((byte) forecasts.size());
        forecasts.forEach(forecast -> forecast.save(out));
        return out.array();
    }

    static ScoredRun load(ByteBuffer in) {
        byte[] name = new byte[in.getInt()];
        in.get(name);
        long sequence = in.getLong();
        double observed = in.getDouble();
        long endStep = in.getLong();
        List<KeptForecast> forecasts = new ArrayList<>();
        for (int left = in.get(); left > 0; left--) {
            forecasts.add(KeptForecast.load(in));
        }
        return new ScoredRun(new String(name, StandardCharsets.UTF_8), sequence, observed, endStep, forecasts);
    }
}
