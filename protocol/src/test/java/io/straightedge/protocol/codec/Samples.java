package io.straightedge.protocol.codec;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.CurvePoint;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.ForecastPoint;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawBasin;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.fit.WhatIf;
import io.straightedge.protocol.law.ChinchillaLaw;
import io.straightedge.protocol.law.Extrapolation;
import io.straightedge.protocol.law.GammaLaw;
import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.LossReduction;
import io.straightedge.protocol.run.LossUnit;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.PlannedEvent;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.Tick;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.protocol.signal.Interval;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One message of each type with every field set, by the name of its golden file. */
final class Samples {

    private static final Instant TIME = Instant.parse("2026-11-24T01:50:00.250Z");

    private Samples() {}

    static Map<String, Record> all() {
        Map<String, Record> samples = new TreeMap<>();
        training(samples);
        fit(samples);
        signal(samples);
        return samples;
    }

    private static void training(Map<String, Record> samples) {
        samples.put(
                "study",
                new StudyDefinition(
                        "ladder",
                        ParameterCount.NON_EMBEDDING,
                        LossUnit.BITS_PER_BYTE,
                        4.25,
                        "val_c4",
                        false,
                        List.of(1e21, 5.76e23),
                        StudyClock.EVENT,
                        "pretraining",
                        Map.of("team", "b", "area", "a")));
        samples.put(
                "run",
                new RunManifest(
                        "ladder",
                        "190M-1x \u00fc",
                        190354176.0,
                        ParameterCount.TOTAL,
                        3.8e9,
                        7200L,
                        524288.0,
                        new Schedule(
                                ScheduleKind.WSD,
                                200L,
                                3e-4,
                                3e-6,
                                6000L,
                                DecayShape.ONE_MINUS_SQRT,
                                List.of(new Schedule.Point(0, 0), new Schedule.Point(200, 3e-4))),
                        1.2e9,
                        4096,
                        50304,
                        LossReduction.RANK_LOCAL,
                        "order-7",
                        null,
                        Map.of(),
                        List.of(new PlannedEvent("lr-drop", 6000)),
                        2,
                        Map.of("owner", "x"),
                        Map.of("params", "derived from the config")));
        samples.put(
                "run.2",
                new RunManifest(
                        "ladder",
                        "190M-1x \u00fc",
                        190354176.0,
                        ParameterCount.TOTAL,
                        3.8e9,
                        7200L,
                        524288.0,
                        new Schedule(
                                ScheduleKind.WSD,
                                200L,
                                3e-4,
                                3e-6,
                                6000L,
                                DecayShape.ONE_MINUS_SQRT,
                                List.of(new Schedule.Point(0, 0), new Schedule.Point(200, 3e-4))),
                        1.2e9,
                        4096,
                        50304,
                        LossReduction.RANK_LOCAL,
                        "order-7",
                        "adamw",
                        Map.of("weightDecay", 0.1),
                        List.of(new PlannedEvent("lr-drop", 6000)),
                        2,
                        Map.of("owner", "x"),
                        Map.of("params", "derived from the config")));
        samples.put(
                "run.3",
                RunManifest.of(
                                "ladder",
                                "190M-cycles",
                                190354176.0,
                                7200L,
                                524288.0,
                                new Schedule(
                                        ScheduleKind.COSINE_WITH_RESTARTS,
                                        200L,
                                        3e-4,
                                        3e-6,
                                        null,
                                        DecayShape.MEGATRON_EXPONENTIAL,
                                        List.of(),
                                        1e-6,
                                        7000L,
                                        2.0,
                                        3,
                                        1.5))
                        .withRecipe("AdamW", Map.of("weightDecay", 0.1, "beta1", 0.9, "beta2", 0.95)));
        samples.put(
                "loss",
                new LossObservation(
                        "ladder", "190M-1x", 1200, 6.291456E8, Double.NaN, "train", 2.9e-4, 0.5, 3L, TIME, 1));
        samples.put("end", new RunEnd("ladder", "190M-1x", Outcome.FINISHED, 2.75, TIME));
        samples.put(
                "command",
                new StudyCommand(
                        "ladder",
                        StudyCommand.Action.MOVE,
                        "190M-1x",
                        "val",
                        "other",
                        "someone",
                        TIME,
                        null,
                        null,
                        null,
                        null,
                        null));
        samples.put(
                "command.2",
                new StudyCommand(
                        "ladder",
                        StudyCommand.Action.WHAT_IF,
                        "190M-1x",
                        null,
                        null,
                        "someone",
                        TIME,
                        "early",
                        9000L,
                        Schedule.of(ScheduleKind.COSINE, 200L, 3e-4),
                        null,
                        null));
        samples.put(
                "command.3",
                new StudyCommand(
                        "ladder",
                        StudyCommand.Action.WHAT_IF,
                        "190M-1x",
                        null,
                        null,
                        null,
                        null,
                        "early",
                        7000L,
                        null,
                        6000L,
                        1000L));
        samples.put("tick", new Tick(TIME));
    }

    private static void fit(Map<String, Record> samples) {
        Forecast forecast = Forecast.symmetric(2.5, 0.0625, 0.0625, 0.125, 0.25);
        samples.put("curve-estimate", curve(forecast, false));
        samples.put("curve-estimate.2", curve(forecast, true));
        samples.put(
                "law-estimate",
                new LawEstimate(
                        "ladder",
                        "chinchilla",
                        "ladder/chinchilla/2",
                        512,
                        2,
                        new ChinchillaLaw(1.8172180000000002, 477.826, 2143.417, 0.34731, 0.367172),
                        List.of(List.of(1.0, 0.5), List.of(0.5, Double.POSITIVE_INFINITY)),
                        Map.of("80", 1.25),
                        1.018274017801e-3,
                        1e-9,
                        1e6,
                        ParameterCount.TOTAL,
                        List.of(new LawPoint("190M-1x", 190354176, 3.8e9, 2.75, 1, true)),
                        List.of(1e21),
                        List.of("few points"),
                        Map.of("objective", "huber"),
                        Double.NaN,
                        List.of(),
                        null,
                        null));
        samples.put(
                "law-estimate.2",
                new LawEstimate(
                        "ladder",
                        "chinchilla",
                        "ladder/chinchilla/2",
                        512,
                        2,
                        new ChinchillaLaw(1.8172180000000002, 477.826, 2143.417, 0.34731, 0.367172),
                        List.of(List.of(1.0, 0.5), List.of(0.5, Double.POSITIVE_INFINITY)),
                        Map.of("80", 1.25),
                        1.018274017801e-3,
                        1e-9,
                        1e6,
                        ParameterCount.TOTAL,
                        List.of(new LawPoint("190M-1x", 190354176, 3.8e9, 2.75, 1, true)),
                        List.of(1e21),
                        List.of("few points"),
                        Map.of("objective", "huber"),
                        0.00390625,
                        List.of(
                                new LawBasin(
                                        1.018274017801e-3,
                                        new ChinchillaLaw(1.75, 477.826, 2143.417, 0.34731, 0.367172)),
                                new LawBasin(1.0625e-3, new ChinchillaLaw(1.5, 512, 2048, 0.25, 0.5))),
                        new Extrapolation(
                                new ChinchillaLaw(1.5, 512, 2048, 0.25, 0.5),
                                new GammaLaw(1.5, 512, 2048, 0.25, 0.5, 0.75),
                                0.625,
                                List.of(List.of(0.5, 0.25), List.of(0.25, 0.5)),
                                0.00390625,
                                1e21,
                                4,
                                256,
                                1.75,
                                5,
                                2),
                        0.5));
        samples.put(
                "deviation",
                Deviation.of(
                        "ladder",
                        "190M-1x",
                        "train",
                        "ladder/190M-1x/train/0/spike/1200",
                        600,
                        0,
                        Detector.TOO_GOOD,
                        1200,
                        1203,
                        8.5,
                        Double.NEGATIVE_INFINITY,
                        true,
                        TIME,
                        "Loss jumped."));
        samples.put(
                "deviation.2",
                new Deviation(
                        "ladder",
                        "190M-1x",
                        "train",
                        "ladder/190M-1x/train/0/drift/1200",
                        600,
                        0,
                        Detector.DRIFT,
                        1200,
                        1264,
                        8.5,
                        0.25,
                        true,
                        TIME,
                        "The loss is above its forecast.",
                        Deviation.Phase.GOES_ON,
                        6.25,
                        65L,
                        Double.POSITIVE_INFINITY,
                        17280.0,
                        TIME,
                        new Deviation.Outlook(2.5, 2.75, 190354176.0, 3.8e9, 4.3e18),
                        "ada",
                        Map.of("team", "x")));
        scores(samples, forecast);
    }

    private static CurveEstimate curve(Forecast forecast, boolean band50) {
        return new CurveEstimate(
                "ladder",
                "190M-1x",
                "train",
                "ladder/190M-1x/train/4",
                9007199254740993L,
                4,
                RunStatus.RUNNING,
                1,
                190354176.0,
                ParameterCount.TOTAL,
                3.8e9,
                7200L,
                524288.0,
                1200,
                6.291456E8,
                2.75,
                true,
                "annealed-power",
                Map.of("b", 2.0, "a", 1.0),
                0.03125,
                List.of(new CurvePoint(3, 1000.5, Double.NaN, 2.875, 0.03125)),
                List.of(new ForecastPoint(
                        7200, 3.8e9, 2.5, band50 ? 2.4375 : null, band50 ? 2.5625 : null, 2.375, 2.625, 2.25, 2.75)),
                forecast,
                2.5,
                List.of("tokens derived from steps"),
                band50
                        ? List.of(
                                new WhatIf(
                                        "early",
                                        6000L,
                                        ScheduleKind.WSD,
                                        5000L,
                                        forecast,
                                        List.of(new ForecastPoint(
                                                6000, 3.1e9, 2.5, 2.4375, 2.5625, 2.375, 2.625, 2.25, 2.75)),
                                        null),
                                new WhatIf("late", null, null, null, null, List.of(), "no plan"))
                        : List.of());
    }

    private static void scores(Map<String, Record> samples, Forecast forecast) {
        samples.put(
                "forecast-score",
                score(List.of(new ForecastScore.Entry(0.5, forecast, null, null, null, null, Map.of(), null)), null));
        samples.put(
                "forecast-score.2",
                score(
                        List.of(
                                new ForecastScore.Entry(
                                        0.25,
                                        forecast,
                                        1800L,
                                        9000L,
                                        null,
                                        "law",
                                        Map.of("law", new ForecastScore.Part(2.5, 0.0625)),
                                        "made for another end"),
                                new ForecastScore.Entry(
                                        0.5,
                                        forecast,
                                        3600L,
                                        7200L,
                                        0.25,
                                        "mixed",
                                        Map.of(
                                                "law",
                                                new ForecastScore.Part(2.5, 0.0625),
                                                "history",
                                                new ForecastScore.Part(2.4375, 0.03125)),
                                        null)),
                        7200L));
        TrackRecord.Errors errors =
                new TrackRecord.Errors(0.0078125, 0.03125, 0.015625, -0.00390625, 0.25, 1, 0.5, -0.125);
        samples.put(
                "track-record",
                new TrackRecord(
                        "ladder",
                        "train",
                        "track/ladder/train/700",
                        700,
                        12,
                        List.of(new TrackRecord.AtFraction(
                                0.5,
                                12,
                                0.5,
                                0.75,
                                1,
                                errors,
                                0.03125,
                                0.0625,
                                0.125,
                                0.5,
                                1,
                                2,
                                Map.of(
                                        "law",
                                        new TrackRecord.Method(12, 8, errors, 1.25),
                                        "history",
                                        new TrackRecord.Method(4, 4, errors, 0.75))))));
    }

    private static ForecastScore score(List<ForecastScore.Entry> entries, @Nullable Long endStep) {
        return new ForecastScore("ladder", "190M-1x", "train", "ladder/190M-1x/train", 700, 2.5, entries, endStep);
    }

    private static void signal(Map<String, Record> samples) {
        Interval interval = new Interval(2, 1.5, 2.5, 1, 3);
        samples.put(
                "prediction",
                new Prediction(
                        "ladder",
                        "190M-1x",
                        "train",
                        "ladder/190M-1x/train/4/curve",
                        Prediction.Basis.CURVE,
                        RunStatus.PLANNED,
                        190354176.0,
                        3.8e9,
                        Double.NaN,
                        Forecast.symmetric(2.5, 0.0625, 0.0625, 0.125, 0.25),
                        2.625,
                        2.5));
        samples.put(
                "recommendation",
                new Recommendation(
                        "ladder",
                        "ladder/chinchilla/2/1.0E21",
                        1e21,
                        "chinchilla",
                        interval,
                        interval,
                        interval,
                        interval,
                        12.5,
                        List.of("far beyond the data"),
                        null));
        samples.put(
                "recommendation.2",
                new Recommendation(
                        "ladder",
                        "ladder/chinchilla/2/1.0E21",
                        1e21,
                        "chinchilla",
                        interval,
                        interval,
                        interval,
                        interval,
                        12.5,
                        List.of("far beyond the data"),
                        new Recommendation.Band(0.001, 1.5, Double.POSITIVE_INFINITY)));
        samples.put(
                "alert",
                new Alert(
                        "ladder/190M-1x/0/spike/1200",
                        "ladder",
                        "190M-1x",
                        0,
                        "spike",
                        Alert.Severity.CRITICAL,
                        Alert.State.RESOLVED,
                        1200,
                        0.5,
                        TIME,
                        "Loss jumped.",
                        "loss came back",
                        Map.of("team", "x"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of()));
        samples.put(
                "alert.2",
                new Alert(
                        "ladder/190M-1x/0/spike/1200",
                        "ladder",
                        "190M-1x",
                        0,
                        "spike",
                        Alert.Severity.WARNING,
                        Alert.State.ACKNOWLEDGED,
                        1200,
                        0.5,
                        TIME,
                        "Loss jumped.",
                        null,
                        Map.of("team", "x"),
                        "train",
                        1264L,
                        6.25,
                        TIME,
                        new Alert.Cost(2.5, 2.75, 1.5e18, 0.375),
                        "ada",
                        "grace",
                        TIME,
                        List.of("190M-1x", "370M-1x")));
        samples.put(
                "alert-command",
                new AlertCommand(
                        "silence/maintenance",
                        "ladder",
                        AlertCommand.Action.SILENCE,
                        null,
                        "grace",
                        "new disks",
                        TIME,
                        Map.of("team", "x"),
                        TIME,
                        null));
    }
}
