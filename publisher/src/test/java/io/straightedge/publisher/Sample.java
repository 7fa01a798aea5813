package io.straightedge.publisher;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.CurvePoint;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastPoint;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.fit.WhatIf;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.run.ParameterCount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records as a fitter would write them for runs that obey a Chinchilla law, up to noise. */
public final class Sample {

    /** The refit of Hoffmann's data by Besiroglu et al. 2024, as printed. */
    public static final ChinchillaLaw LAW = new ChinchillaLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

    /** Relative standard deviation of a run's final loss about the law. */
    public static final double SCATTER = 0.004;

    private static final double TOKENS_PER_STEP = 524_288;

    private Sample() {}

    /** A run as it is after {@code fraction} of its plan; planned at 0, finished at 1. */
    public static CurveEstimate curve(String study, String run, double params, double tokens, double fraction) {
        long steps = Math.round(tokens / TOKENS_PER_STEP);
        long step = fraction == 0 ? -1 : Math.round(steps * fraction);
        Random random = new Random((study + run).hashCode());
        double offset = 1 + SCATTER * random.nextGaussian();
        double end = LAW.loss(params, tokens) * offset;
        List<CurvePoint> bins = new ArrayList<>();
        for (double at = 1; at <= step; at *= Math.pow(2, 0.125)) {
            double loss = LAW.loss(params, at * TOKENS_PER_STEP) * offset + 8 / (1 + Math.pow(at / 3, 1.3));
            bins.add(new CurvePoint(
                    Math.max(1, Math.round(at * 0.09)),
                    at,
                    at * TOKENS_PER_STEP,
                    loss + 0.02 * random.nextGaussian() / Math.sqrt(Math.max(1, at * 0.09)),
                    0.02));
        }
        double scale = 0.001 + 0.02 * (1 - fraction);
        double mean = end + 0.4 * scale * random.nextGaussian();
        boolean told = fraction >= 0.1;
        List<ForecastPoint> rest = new ArrayList<>();
        for (int i = 1; told && fraction < 1 && i <= 32; i++) {
            double at = step * Math.pow(steps / (double) step, i / 32.0);
            double loss = LAW.loss(params, at * TOKENS_PER_STEP) * offset + mean - end;
            double half = scale * i / 32.0;
            rest.add(new ForecastPoint(
                    at,
                    at * TOKENS_PER_STEP,
                    loss,
                    loss - 0.674 * half,
                    loss + 0.674 * half,
                    loss - 1.28 * half,
                    loss + 1.28 * half,
                    loss - 1.96 * half,
                    loss + 1.96 * half));
        }
        long revision = Math.max(1, bins.size());
        return new CurveEstimate(
                study,
                run,
                "train",
                study + "/" + run + "/train/" + revision,
                1000 + revision,
                revision,
                fraction == 0 ? RunStatus.PLANNED : fraction < 1 ? RunStatus.RUNNING : RunStatus.FINISHED,
                0,
                params,
                ParameterCount.NON_EMBEDDING,
                tokens,
                steps,
                TOKENS_PER_STEP,
                step,
                fraction == 0 ? null : step * TOKENS_PER_STEP,
                bins.isEmpty() ? null : Double.valueOf(bins.get(bins.size() - 1).loss()),
                true,
                "power",
                Map.of("E", end),
                bins.isEmpty() ? Double.NaN : 0.02,
                bins,
                rest,
                told ? Forecast.symmetric(mean, scale, 0.674 * scale, 1.282 * scale, 1.96 * scale) : null,
                fraction < 1 ? null : Double.valueOf(end),
                told ? List.of() : List.of("too early for a forecast: 10 % of the plan is needed"),
                told && fraction < 1
                        ? List.of(
                                new WhatIf(
                                        "longer",
                                        2 * steps,
                                        null,
                                        null,
                                        Forecast.symmetric(end - .1, scale, .1, .2, .3),
                                        List.of(),
                                        null),
                                new WhatIf("early", 1L, null, null, null, List.of(), "passed"))
                        : List.of());
    }

    /** What was forecast of a finished run at a quarter and at a half of it, the first for another end. */
    public static ForecastScore score(CurveEstimate run, double finalLoss) {
        long end = run.step();
        Forecast forecast = Forecast.symmetric(finalLoss + 0.01, 0.02, 0.0135, 0.0256, 0.0392);
        Map<String, ForecastScore.Part> parts = Map.of("law", new ForecastScore.Part(finalLoss + 0.01, 0.02));
        return new ForecastScore(
                run.study(),
                run.run(),
                run.split(),
                "score/" + run.key() + "/900",
                900,
                finalLoss,
                List.of(
                        new ForecastScore.Entry(
                                0.25,
                                forecast,
                                end / 4,
                                2 * end,
                                null,
                                "law",
                                parts,
                                "made for an end at step " + 2 * end),
                        new ForecastScore.Entry(0.5, forecast, end / 2, end, -0.5, "law", parts, null)),
                end);
    }

    /** A record of {@code runs} runs whose error falls with the fraction and whose intervals are a little narrow. */
    public static TrackRecord trackRecord(String study, String split, int runs, long sequence) {
        List<TrackRecord.AtFraction> fractions = new ArrayList<>();
        for (double fraction : new double[] {0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95}) {
            double percent = 0.15 + 0.2 / fraction / Math.sqrt(10);
            fractions.add(new TrackRecord.AtFraction(
                    fraction,
                    runs,
                    Math.round(0.46 * runs) / (double) runs,
                    Math.round(0.76 * runs) / (double) runs,
                    Math.round(0.93 * runs) / (double) runs,
                    errors(percent),
                    0.015 * percent,
                    0.03 * percent,
                    0.06 * percent,
                    0.5,
                    1,
                    2,
                    Map.of(
                            "law",
                            new TrackRecord.Method(runs, runs - 2, errors(percent), 1.1),
                            "history",
                            new TrackRecord.Method(runs - 3, 2, errors(percent * 0.8), 0.9))));
        }
        return new TrackRecord(
                study, split, "track/" + study + "/" + split + "/" + sequence, sequence, runs, fractions);
    }

    private static TrackRecord.Errors errors(double percent) {
        double nats = 0.03 * percent;
        return new TrackRecord.Errors(
                nats, 3 * nats, 1.4 * nats, -0.3 * nats, percent, 3 * percent, 1.4 * percent, -0.3 * percent);
    }

    /** A ladder's law: the truth as coefficients, the covariance of a least-squares fit to the points. */
    public static LawEstimate law(String study, long revision, List<LawPoint> points, List<Double> budgetsFlops) {
        return new LawEstimate(
                study,
                "chinchilla",
                study + "/chinchilla/" + revision,
                5000 + revision,
                revision,
                LAW,
                covariance(points),
                Map.of(),
                1.2e-4,
                1e-12,
                4e6,
                ParameterCount.NON_EMBEDDING,
                points,
                budgetsFlops,
                List.of(),
                Map.of("objective", "huber 1e-3"),
                SCATTER,
                List.of(),
                null,
                null);
    }

    /** An estimate that refuses to give a law. */
    public static LawEstimate noLaw(String study) {
        return new LawEstimate(
                study,
                "chinchilla",
                study + "/chinchilla/1",
                10,
                1,
                null,
                List.of(),
                Map.of(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                null,
                List.of(),
                List.of(),
                List.of("2 points: at least 6 are needed"),
                Map.of(),
                Double.NaN,
                List.of(),
                null,
                null);
    }

    /** Runs of {@code sizes} parameters, each at 10, 20 and 40 tokens per parameter; the last few unfinished. */
    public static List<LawPoint> points(int unfinished, double... sizes) {
        Random random = new Random(7);
        List<LawPoint> points = new ArrayList<>();
        for (double params : sizes) {
            for (double ratio : new double[] {10, 20, 40}) {
                double tokens = params * ratio;
                points.add(new LawPoint(
                        "n" + Math.round(params / 1e6) + "m-x" + Math.round(ratio),
                        params,
                        tokens,
                        LAW.loss(params, tokens) * (1 + SCATTER * random.nextGaussian()),
                        1,
                        true));
            }
        }
        for (int i = points.size() - unfinished; i < points.size(); i++) {
            LawPoint point = points.get(i);
            points.set(i, new LawPoint(point.run(), point.params(), point.tokens(), point.loss(), 0.3, false));
        }
        return points;
    }

    public static Deviation deviation(CurveEstimate run, Detector detector, long onset, boolean began, String message) {
        return Deviation.of(
                run.study(),
                run.run(),
                run.split(),
                run.study() + "/" + run.run() + "/train/0/" + detector + "/" + onset,
                2000 + onset,
                0,
                detector,
                onset,
                onset + 4,
                7.5,
                0.4,
                began,
                null,
                message);
    }

    public static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, String key, @Nullable Object message) {
        return new ConsumerRecord<>(
                topic,
                3,
                offset,
                key.getBytes(StandardCharsets.UTF_8),
                message == null ? null : message instanceof byte[] bytes ? bytes : Json.write(message));
    }

    /** sigma^2 (J'J)^-1 of the log residuals, with a little ridge: what an honest fitter would report. */
    private static List<List<Double>> covariance(List<LawPoint> points) {
        double[][] information = new double[5][10];
        double[] gradient = new double[5];
        for (LawPoint point : points) {
            LAW.gradient(point.params(), point.tokens(), gradient);
            double loss = LAW.loss(point.params(), point.tokens());
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < 5; j++) {
                    information[i][j] += point.weight() * gradient[i] * gradient[j] / (loss * loss * SCATTER * SCATTER);
                }
            }
        }
        for (int i = 0; i < 5; i++) {
            information[i][i] *= 1 + 1e-9;
            information[i][5 + i] = 1;
        }
        return inverse(information);
    }

    private static List<List<Double>> inverse(double[][] rows) {
        for (int i = 0; i < 5; i++) {
            int best = i;
            for (int k = i + 1; k < 5; k++) {
                best = Math.abs(rows[k][i]) > Math.abs(rows[best][i]) ? k : best;
            }
            double[] pivot = rows[best];
            rows[best] = rows[i];
            rows[i] = pivot;
            double scale = pivot[i];
            for (int j = 0; j < 10; j++) {
                pivot[j] /= scale;
            }
            for (int k = 0; k < 5; k++) {
                double factor = rows[k][i];
                for (int j = 0; k != i && j < 10; j++) {
                    rows[k][j] -= factor * pivot[j];
                }
            }
        }
        List<List<Double>> result = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < 5; j++) {
                row.add((rows[i][5 + j] + rows[j][5 + i]) / 2);
            }
            result.add(row);
        }
        return result;
    }
}
