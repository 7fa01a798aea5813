package io.straightedge.publisher;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.LawPoint;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.publisher.http.CommandOutlet;
import io.straightedge.publisher.http.PublisherRoutes;
import io.straightedge.publisher.predict.Predictions;
import io.straightedge.publisher.predict.Recommendations;
import io.straightedge.publisher.rule.AlertBook;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.view.View;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Serves the dashboard on made-up runs that go on training, to look at; {@code Preview PORT}. */
public final class Preview {

    private static final double[] SIZES = {44e6, 90e6, 175e6, 350e6, 760e6, 1.3e9};

    private final View view = new View(new SimpleMeterRegistry());
    private final AlertBook book = new AlertBook(RuleBook.DEFAULT);
    private final Queue<ProducerRecord<byte[], byte[]>> said = new ConcurrentLinkedQueue<>();
    private long offset;

    private Preview() {}

    public static void main(String[] arguments) throws MessageException {
        Preview preview = new Preview();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .route(new PublisherRoutes(preview.view, new CommandOutlet(preview::take, 12, Clock.systemUTC())))
                .bindNow();
        for (double time = 0.02; ; time += 0.004) {
            preview.tick(time);
            if (server.isDisposed()) {
                return;
            }
            // To look at: it should move.
            LockSupport.parkNanos(time < 0.6 ? 2_000_000 : 400_000_000);
        }
    }

    /** What a person said, as the alert lane would take it. */
    private Mono<Void> take(List<ProducerRecord<byte[], byte[]>> commands) {
        return Mono.fromRunnable(() -> said.addAll(commands));
    }

    private void alerts(List<ConsumerRecord<byte[], byte[]>> records) throws MessageException {
        List<Alert> changed = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> command = said.poll(); command != null; command = said.poll()) {
            changed.addAll(book.apply(Json.read(command.value(), AlertCommand.class)));
            records.add(Sample.record(command.topic(), offset++, "said", command.value()));
        }
        if (!book.alerts().isEmpty()) {
            changed.forEach(alert -> add(records, Topics.ALERTS, alert.id(), alert));
            return;
        }
        String study = "ladder-c4";
        List<LawPoint> points = Sample.points(0, SIZES);
        book.apply(Sample.law(study, 1, points, List.of()));
        Instant now = Instant.now();
        Deviation.Outlook outlook = new Deviation.Outlook(2.9, 2.95, 3.5e8, 7e9, 1.5e19);
        for (Found found : List.of(
                Found.by(Detector.DRIFT).run(points.get(10).run()).size(0.06).outlook(outlook),
                Found.by(Detector.NON_FINITE).run(points.get(11).run()).size(Double.NaN),
                Found.by(Detector.GRADIENT)
                        .run(points.get(12).run())
                        .oncePer(10.0)
                        .size(Double.NaN),
                Found.by(Detector.RESTART).run(points.get(7).run()).size(Double.NaN),
                Found.by(Detector.SPIKE).run(points.get(3).run()))) {
            book.apply(found.study(study)
                    .since(now.minusSeconds(8000))
                    .time(now.minusSeconds(7000))
                    .deviation());
        }
        book.apply(Found.by(Detector.SPIKE)
                .study(study)
                .run(points.get(3).run())
                .ended("The loss came back within 12 observations.")
                .step(1040)
                .deviation());
        for (int i = 0; i < 6; i++) {
            book.apply(Found.by(Detector.TOO_GOOD)
                    .study(study)
                    .run(points.get(i).run())
                    .size(-0.2)
                    .since(null)
                    .time(now)
                    .deviation());
        }
        book.alerts().forEach(alert -> add(records, Topics.ALERTS, alert.id(), alert));
    }

    private void tick(double time) throws MessageException {
        String study = "ladder-c4";
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<CurveEstimate> curves = new ArrayList<>();
        List<LawPoint> points = Sample.points(0, SIZES);
        for (int i = 0; i < points.size(); i++) {
            LawPoint point = points.get(i);
            double fraction = Math.min(1, Math.max(0, time * (1.9 - 0.1 * i)));
            curves.add(Sample.curve(
                    study, point.run(), point.params(), point.tokens(), i == points.size() - 1 ? 0 : fraction));
            points.set(
                    i,
                    new LawPoint(
                            point.run(),
                            point.params(),
                            point.tokens(),
                            point.loss(),
                            fraction >= 1 ? 1 : fraction < 0.1 || i == points.size() - 1 ? 0 : 0.3,
                            fraction >= 1));
        }
        LawEstimate law = Sample.law(study, Math.round(time * 250), points, List.of(1e21, 1e22));
        curves.forEach(curve -> add(records, Topics.CURVE_ESTIMATES, curve.key(), curve));
        add(records, Topics.LAW_ESTIMATES, law.key(), law);
        Recommendations.of(law).forEach(one -> add(records, Topics.RECOMMENDATIONS, one.key(), one));
        for (CurveEstimate curve : curves) {
            Prediction prediction = Predictions.of(curve, law);
            if (prediction != null) {
                add(records, Topics.PREDICTIONS, prediction.key(), prediction);
            }
        }
        int finished = 0;
        for (CurveEstimate curve : curves) {
            Double came = curve.observedFinal();
            if (came != null) {
                ForecastScore score = Sample.score(curve, came);
                add(records, Topics.FORECAST_SCORES, score.key(), score);
                finished++;
            }
        }
        if (finished > 3) {
            TrackRecord record = Sample.trackRecord(study, "train", finished, 1000 + finished);
            add(records, Topics.FORECAST_SCORES, record.key(), record);
        }
        alerts(records);
        if (time > 0.3) {
            deviations(records, curves);
            CurveEstimate odd = Sample.curve("small/odd <script>alert(1)</script> étude", "run/1 ünï", 1e8, 2e9, 0.4);
            add(records, Topics.CURVE_ESTIMATES, odd.key(), odd);
        }
        view.apply(records, true);
    }

    private void deviations(List<ConsumerRecord<byte[], byte[]>> records, List<CurveEstimate> curves) {
        Map<Integer, Detector> faults =
                Map.of(3, Detector.SPIKE, 7, Detector.RESTART, 10, Detector.NON_FINITE, 12, Detector.STALL);
        faults.forEach((index, detector) -> {
            CurveEstimate curve = curves.get(index);
            long onset = Math.max(1, Math.round(0.2 * 1000 * (1 + index)));
            Deviation deviation = Sample.deviation(
                    curve, detector, onset, detector != Detector.SPIKE, "Made up to be seen at step " + onset);
            add(records, Topics.DEVIATIONS, deviation.key(), deviation);
        });
    }

    private void add(List<ConsumerRecord<byte[], byte[]>> records, String topic, String key, @Nullable Object message) {
        records.add(Sample.record(topic, offset++, key, message));
    }
}
