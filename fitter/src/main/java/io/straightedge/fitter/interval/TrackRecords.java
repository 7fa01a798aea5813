package io.straightedge.fitter.interval;

import io.straightedge.protocol.fit.TrackRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Sums up a ledger. Quantiles are linear between order statistics (type 7 of Hyndman and Fan). O(runs x fractions). */
public final class TrackRecords {

    private static final double MOST = 0.9;

    private TrackRecords() {}

    /** What the ledger's runs say, as the message that tells it. */
    public static TrackRecord of(String study, String split, long sequence, ForecastLedger ledger) {
        List<ScoredRun> runs = ledger.runs();
        List<TrackRecord.AtFraction> fractions = new ArrayList<>();
        for (int i = 0; i < ScoredFractions.COUNT; i++) {
            List<Held> held = held(runs, i);
            if (!held.isEmpty()) {
                fractions.add(at(i, held, ledger));
            }
        }
        String id = "track/" + study + "/" + split + "/" + sequence;
        return new TrackRecord(study, split, id, sequence, runs.size(), fractions);
    }

    /** A forecast and what came. */
    private record Held(KeptForecast forecast, double observed) {

        double error() {
            return forecast.mean() - observed;
        }
    }

    private static List<Held> held(List<ScoredRun> runs, int i) {
        List<Held> held = new ArrayList<>();
        for (ScoredRun run : runs) {
            KeptForecast forecast = run.at(i);
            if (forecast != null) {
                held.add(new Held(forecast, run.observed()));
            }
        }
        return held;
    }

    private static TrackRecord.AtFraction at(int i, List<Held> held, ForecastLedger ledger) {
        double fraction = ScoredFractions.at(i);
        IntervalFactors factors = ledger.factors(ConformalFactors.FAMILY, fraction);
        Map<String, TrackRecord.Method> methods = new TreeMap<>();
        for (ForecastMethod method : ForecastMethod.values()) {
            List<ForecastLedger.Score> scores = ledger.scores(method, i);
            if (!scores.isEmpty()) {
                methods.put(method.text(), method(method, scores, held));
            }
        }
        return new TrackRecord.AtFraction(
                fraction,
                held.size(),
                share(held, KeptForecast::half50),
                share(held, KeptForecast::half80),
                share(held, KeptForecast::half95),
                errors(
                        held.stream().mapToDouble(Held::error).toArray(),
                        held.stream().mapToDouble(Held::observed).toArray()),
                median(held, KeptForecast::half50),
                median(held, KeptForecast::half80),
                median(held, KeptForecast::half95),
                factors.at50(),
                factors.at80(),
                factors.at95(),
                methods);
    }

    private static TrackRecord.Method method(
            ForecastMethod method, List<ForecastLedger.Score> scores, List<Held> held) {
        double squares = 0;
        for (ForecastLedger.Score score : scores) {
            squares += Math.pow(score.error() / score.scale(), 2);
        }
        return new TrackRecord.Method(
                scores.size(),
                (int) held.stream()
                        .filter(one -> one.forecast().inForce() == method)
                        .count(),
                errors(
                        scores.stream().mapToDouble(ForecastLedger.Score::error).toArray(),
                        scores.stream()
                                .mapToDouble(ForecastLedger.Score::observed)
                                .toArray()),
                Math.sqrt(squares / scores.size()));
    }

    private static double share(List<Held> held, ToDoubleFunction<KeptForecast> half) {
        long inside = held.stream()
                .filter(one -> Math.abs(one.error()) <= half.applyAsDouble(one.forecast()))
                .count();
        return inside / (double) held.size();
    }

    private static double median(List<Held> held, ToDoubleFunction<KeptForecast> of) {
        return quantile(
                held.stream()
                        .mapToDouble(one -> of.applyAsDouble(one.forecast()))
                        .sorted()
                        .toArray(),
                0.5);
    }

    private static TrackRecord.Errors errors(double[] nats, double[] observed) {
        int n = nats.length;
        double[] percent = new double[n];
        double[] size = new double[n];
        double[] percentSize = new double[n];
        for (int i = 0; i < n; i++) {
            percent[i] = 100 * nats[i] / observed[i];
            size[i] = Math.abs(nats[i]);
            percentSize[i] = Math.abs(percent[i]);
        }
        Arrays.sort(size);
        Arrays.sort(percentSize);
        return new TrackRecord.Errors(
                quantile(size, 0.5),
                quantile(size, MOST),
                mean(size),
                mean(nats),
                quantile(percentSize, 0.5),
                quantile(percentSize, MOST),
                mean(percentSize),
                mean(percent));
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double quantile(double[] rising, double p) {
        double at = p * (rising.length - 1);
        int low = (int) at;
        int high = Math.min(low + 1, rising.length - 1);
        return rising[low] + (at - low) * (rising[high] - rising[low]);
    }
}
