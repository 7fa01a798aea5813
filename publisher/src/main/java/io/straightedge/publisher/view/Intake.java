package io.straightedge.publisher.view;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records into the view. Not thread-safe.
 *
 * <p>A tombstone has only its key, and names may hold slashes: what a key is about is remembered from the record that
 * the tombstone takes back. Deviations are kept by time, not by key, and go with their run.
 */
final class Intake {

    private record Split(RunId run, String name) {}

    private record Law(String study, String name) {}

    private record Track(String study, String split) {}

    private record Budget(String study, double flops) {}

    private final View view;
    private final Map<String, Split> splits = new HashMap<>();
    private final Map<String, Law> laws = new HashMap<>();
    private final Map<String, Track> tracks = new HashMap<>();
    private final Map<String, Budget> budgets = new HashMap<>();

    Intake(View view) {
        this.view = view;
    }

    void take(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        switch (record.topic()) {
            case Topics.CURVE_ESTIMATES -> curve(record);
            case Topics.PREDICTIONS -> prediction(record);
            case Topics.FORECAST_SCORES -> score(record);
            case Topics.DEVIATIONS -> deviation(record);
            case Topics.LAW_ESTIMATES -> law(record);
            case Topics.RECOMMENDATIONS -> recommendation(record);
            case Topics.ALERTS -> alert(record);
            case Topics.ALERT_COMMANDS -> command(record);
            default -> throw new IllegalArgumentException("not a topic of the read model");
        }
    }

    private void curve(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        CurveEstimate estimate = read(record, CurveEstimate.class);
        Split split = about(
                record, estimate, splits, fresh -> new Split(new RunId(fresh.study(), fresh.run()), fresh.split()));
        if (split == null) {
            return;
        }
        if (estimate != null) {
            view.change(split.run(), run -> run.with(split.name(), held -> held.with(estimate)));
            return;
        }
        view.change(split.run(), run -> run.with(split.name(), SplitView::withoutEstimate));
        if (view.run(split.run()) == null) {
            view.remove(split.run());
        }
    }

    private void prediction(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        Prediction prediction = read(record, Prediction.class);
        Split split = about(
                record, prediction, splits, fresh -> new Split(new RunId(fresh.study(), fresh.run()), fresh.split()));
        if (split != null) {
            view.change(split.run(), run -> run.with(split.name(), held -> held.with(prediction)));
        }
    }

    /** A run's score, or what a study's scores come to: the latter has no run. */
    private void score(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        boolean ofStudy = record.value() == null ? tracks.containsKey(key(record)) : !Json.has(record.value(), "run");
        if (ofStudy) {
            trackRecord(record);
            return;
        }
        ForecastScore score = read(record, ForecastScore.class);
        Split split =
                about(record, score, splits, fresh -> new Split(new RunId(fresh.study(), fresh.run()), fresh.split()));
        if (split != null) {
            view.change(split.run(), run -> run.with(split.name(), held -> held.with(score)));
        }
    }

    private void trackRecord(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        TrackRecord fresh = read(record, TrackRecord.class);
        Track track = about(record, fresh, tracks, told -> new Track(told.study(), told.split()));
        if (track != null) {
            view.change(track.study(), study -> study.withTrackRecord(track.split(), fresh));
        }
    }

    private void deviation(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        Deviation deviation = read(record, Deviation.class);
        // One without a run is about the whole study: its alert says so.
        if (deviation != null && !deviation.run().isEmpty()) {
            view.change(new RunId(deviation.study(), deviation.run()), run -> run.with(deviation));
        }
    }

    private void law(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        LawEstimate estimate = read(record, LawEstimate.class);
        Law law = about(record, estimate, laws, fresh -> new Law(fresh.study(), fresh.name()));
        if (law != null) {
            view.change(law.study(), study -> study.with(law.name(), estimate));
        }
    }

    private void recommendation(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        Recommendation recommendation = read(record, Recommendation.class);
        Budget budget = about(record, recommendation, budgets, fresh -> new Budget(fresh.study(), fresh.budgetFlops()));
        if (budget != null) {
            view.change(budget.study(), study -> study.with(budget.flops(), recommendation));
        }
    }

    private void alert(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        Alert alert = read(record, Alert.class);
        view.change(alert == null ? key(record) : alert.id(), alert);
    }

    private void command(ConsumerRecord<byte[], byte[]> record) throws MessageException {
        AlertCommand command = read(record, AlertCommand.class);
        if (command == null || command.action() == AlertCommand.Action.SILENCE) {
            view.silence(key(record), command);
        }
    }

    private static <T> @Nullable T read(ConsumerRecord<byte[], byte[]> record, Class<T> type) throws MessageException {
        return record.value() == null ? null : Json.read(record.value(), type);
    }

    /** What the record is about: from its message, or for a tombstone from the last message under its key. */
    private static <T, A> @Nullable A about(
            ConsumerRecord<byte[], byte[]> record, @Nullable T message, Map<String, A> known, Function<T, A> of) {
        if (message == null) {
            return known.get(key(record));
        }
        A about = of.apply(message);
        known.put(key(record), about);
        return about;
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }
}
