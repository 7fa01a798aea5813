package io.straightedge.publisher.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.Sample;
import io.straightedge.publisher.predict.Predictions;
import io.straightedge.publisher.predict.Recommendations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

class ViewTest {

    private static final RunId RUN = new RunId("s/1", "r/2");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final View view = new View(meters);
    private long offset;

    @Test
    void apply_estimateAndPredictionInEitherOrder_areBothInTheRun() {
        CurveEstimate estimate = curve(0.5);
        Prediction prediction = Objects.requireNonNull(Predictions.of(estimate, null));

        take(Topics.PREDICTIONS, prediction.key(), prediction);
        assertThat(view.runs()).as("nothing to show without an estimate").isEmpty();
        take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);

        SplitView split = Objects.requireNonNull(
                Objects.requireNonNull(view.run(RUN)).splits().get("train"));
        assertThat(split.estimate()).isEqualTo(estimate);
        assertThat(split.prediction()).isEqualTo(prediction);
    }

    @Test
    void apply_tombstoneOfTheOnlyCurve_removesTheRunAndItsDeviations() {
        CurveEstimate estimate = curve(0.5);
        take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);
        take(Topics.DEVIATIONS, "s/1/r/2", Sample.deviation(estimate, Detector.SPIKE, 5, true, "up"));

        take(Topics.CURVE_ESTIMATES, estimate.key(), null);

        assertThat(view.run(RUN)).isNull();
        assertThat(view.studies()).isEmpty();
        take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);
        assertThat(Objects.requireNonNull(view.run(RUN)).deviations()).isEmpty();
    }

    @Test
    void apply_manyRevisions_keepsTheLast200OfTheTrack() {
        CurveEstimate last = curve(0.5);
        for (int revision = 1; revision <= 250; revision++) {
            last = revised(last, revision);
            take(Topics.CURVE_ESTIMATES, last.key(), last);
        }

        List<TrackPoint> track = Objects.requireNonNull(
                        Objects.requireNonNull(view.run(RUN)).splits().get("train"))
                .track();
        assertThat(track).hasSize(SplitView.MAX_TRACK);
        assertThat(track).extracting(TrackPoint::revision).startsWith(51L).endsWith(250L);
        assertThat(track).extracting(TrackPoint::revision).isSorted();
    }

    @Test
    void apply_manyDeviations_keepsTheLast200EachAsItLastStood() {
        CurveEstimate estimate = curve(0.5);
        take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);
        for (int onset = 1; onset <= 250; onset++) {
            take(Topics.DEVIATIONS, "s/1/r/2", Sample.deviation(estimate, Detector.SPIKE, onset, true, "up"));
        }
        take(Topics.DEVIATIONS, "s/1/r/2", Sample.deviation(estimate, Detector.SPIKE, 250, false, "down"));

        List<Deviation> deviations = Objects.requireNonNull(view.run(RUN)).deviations();
        assertThat(deviations).hasSize(RunView.MAX_DEVIATIONS);
        assertThat(deviations.get(0).onsetStep()).isEqualTo(51);
        assertThat(deviations.get(199).began()).isFalse();
    }

    @Test
    void apply_lawAndRecommendations_areInTheStudyUntilTakenBack() {
        LawEstimate law = Sample.law("s/1", 2, Sample.points(0, 44e6, 90e6), List.of(1e21));
        Recommendation recommendation = Recommendations.of(law).get(0);
        take(Topics.LAW_ESTIMATES, law.key(), law);
        take(Topics.RECOMMENDATIONS, recommendation.key(), recommendation);

        StudyView study = Objects.requireNonNull(view.study("s/1"));
        assertThat(study.law()).isEqualTo(law);
        assertThat(study.recommendations()).containsEntry(1e21, recommendation);

        take(Topics.RECOMMENDATIONS, recommendation.key(), null);
        take(Topics.LAW_ESTIMATES, law.key(), null);
        assertThat(view.study("s/1")).isNull();
    }

    /** Both are on one topic, and a tombstone has only its key. */
    @Test
    void apply_scoresAndTrackRecords_areToldApartAndTakenBack() {
        CurveEstimate estimate = curve(1);
        ForecastScore score = Sample.score(estimate, 2.5);
        TrackRecord train = Sample.trackRecord("s/1", "train", 5, 900);
        TrackRecord val = Sample.trackRecord("s/1", "val", 4, 901);
        take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);
        take(Topics.FORECAST_SCORES, score.key(), score);
        take(Topics.FORECAST_SCORES, train.key(), train);
        take(Topics.FORECAST_SCORES, val.key(), val);

        assertThat(Objects.requireNonNull(view.run(RUN)).splits().get("train"))
                .isNotNull()
                .extracting(SplitView::score)
                .isEqualTo(score);
        assertThat(Objects.requireNonNull(view.study("s/1")).trackRecords())
                .containsEntry("train", train)
                .containsEntry("val", val)
                .hasSize(2);
        assertThat(meters.get("straightedge.view.unreadable").counter().count()).isZero();

        take(Topics.FORECAST_SCORES, train.key(), null);
        take(Topics.FORECAST_SCORES, score.key(), null);
        assertThat(Objects.requireNonNull(view.study("s/1")).trackRecords()).containsOnlyKeys("val");
        assertThat(Objects.requireNonNull(view.run(RUN)).splits().get("train"))
                .isNotNull()
                .extracting(SplitView::score)
                .isNull();
    }

    @Test
    void apply_garbage_isCountedAndPassedOver() {
        take(Topics.CURVE_ESTIMATES, "x", "nope".getBytes(StandardCharsets.UTF_8));
        take(Topics.CURVE_ESTIMATES, "x", null);
        CurveEstimate estimate = curve(0.5);
        take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);

        assertThat(view.runs()).hasSize(1);
        assertThat(meters.get("straightedge.view.unreadable").counter().count()).isEqualTo(1);
    }

    @Test
    void caughtUp_afterTheChunkThatSaysSo_staysTrue() {
        assertThat(view.caughtUp()).isFalse();
        view.apply(List.of(), true);
        view.apply(List.of(), false);
        assertThat(view.caughtUp()).isTrue();
    }

    @Test
    void runs_ofOneStudy_leavesNeighboursOut() {
        for (String study : List.of("a", "ab", "b")) {
            CurveEstimate estimate = Sample.curve(study, "r", 1e8, 2e9, 0.2);
            take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);
        }

        assertThat(view.runs("a")).extracting(run -> run.id().study()).containsExactly("a");
        assertThat(view.studies()).extracting(StudyView::study).containsExactly("a", "ab", "b");
    }

    @Test
    void changes_slowSubscriber_hearsOfEachThingOnceWhenItIsReady() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        AtomicBoolean ready = new AtomicBoolean(false);
        List<List<Change>> heard = new ArrayList<>();
        Disposable following =
                view.changes(Duration.ofMillis(250), time, ready::get).subscribe(heard::add);
        for (int i = 0; i < 1000; i++) {
            CurveEstimate estimate = Sample.curve("s", "r" + i % 3, 1e8, 2e9, 0.2);
            take(Topics.CURVE_ESTIMATES, estimate.key(), estimate);
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        assertThat(heard).isEmpty();

        ready.set(true);
        time.advanceTimeBy(Duration.ofMillis(250));
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).extracting(Change::run).containsExactlyInAnyOrder("r0", "r1", "r2");
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(heard).as("nothing new, nothing said").hasSize(1);

        following.dispose();
        assertThat(meters.get("straightedge.view.subscribers").gauge().value()).isZero();
    }

    private static CurveEstimate curve(double fraction) {
        return Sample.curve(RUN.study(), RUN.run(), 1e8, 2e9, fraction);
    }

    private static CurveEstimate revised(CurveEstimate from, long revision) {
        return new CurveEstimate(
                from.study(),
                from.run(),
                from.split(),
                from.id(),
                revision,
                revision,
                from.status(),
                from.attempt(),
                from.params(),
                from.paramsCount(),
                from.plannedTokens(),
                from.plannedSteps(),
                from.tokensPerStep(),
                from.step(),
                from.tokens(),
                from.lastLoss(),
                from.finite(),
                from.form(),
                from.coefficients(),
                from.sigma(),
                from.curve(),
                from.rest(),
                from.finalLoss(),
                from.observedFinal(),
                from.notes(),
                from.whatIf());
    }

    private void take(String topic, String key, @Nullable Object message) {
        view.apply(List.of(Sample.record(topic, offset++, key, message)), false);
    }
}
