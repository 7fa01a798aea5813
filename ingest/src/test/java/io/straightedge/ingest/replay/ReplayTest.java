package io.straightedge.ingest.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReplayTest {

    private static final String HEADER = "family,run,params,step,tokens,flops,lr,loss,split\n";

    @TempDir
    Path folder;

    @Test
    void of_smallFile_givesStudyManifestLossesEnd() throws Exception {
        List<TrainingEvent> events = replay(HEADER + "f,a,100,10,1000,,0.1,3,val\nf,a,100,20,2000,,0.05,2.5,val\n", 1);
        assertThat(events).hasSize(5);
        StudyDefinition study = (StudyDefinition) events.get(0);
        assertThat(study.study()).isEqualTo("f");
        assertThat(study.clock()).isEqualTo(StudyClock.EVENT);
        assertThat(study.primarySplit()).isEqualTo("val");
        RunManifest manifest = (RunManifest) events.get(1);
        assertThat(manifest.params()).isEqualTo(100);
        assertThat(manifest.plannedSteps()).isEqualTo(20);
        assertThat(manifest.tokensPerStep()).isEqualTo(100);
        assertThat(Objects.requireNonNull(manifest.schedule()).points())
                .containsExactly(new Schedule.Point(10, 0.1), new Schedule.Point(20, 0.05));
        assertThat(manifest.provenance()).containsKeys("plannedSteps", "tokensPerStep", "schedule");
        assertThat(((RunEnd) events.get(4)).finalLoss()).isEqualTo(2.5);
    }

    @Test
    void of_half_keepsThePlanAndHasNoEnd() throws Exception {
        List<TrainingEvent> events = replay(HEADER + "f,a,,10,,,,3,val\nf,a,,20,,,,2.5,val\n", 0.5);
        assertThat(events).hasSize(3);
        assertThat(((RunManifest) events.get(1)).plannedSteps()).isEqualTo(20);
        assertThat(((LossObservation) events.get(2)).step()).isEqualTo(10);
    }

    @Test
    void of_nanEmptyAndInfinite_areKeptApart() throws Exception {
        List<TrainingEvent> events =
                replay(HEADER + "f,a,,1,,,,nan,train\nf,a,,2,,,,,train\nf,a,,3,,,,inf,train\nf,a,,1,,,,,other\n", 1);
        List<Double> losses = new ArrayList<>();
        losses(events).forEach(loss -> losses.add(loss.loss()));
        assertThat(losses).containsExactly(Double.NaN, null, Double.POSITIVE_INFINITY);
        assertThat(((RunManifest) events.get(1)).params()).isNull();
        assertThat(((RunManifest) events.get(1)).schedule()).isNull();
    }

    @Test
    void of_stepsBackwards_stayWhereTheyAre() throws Exception {
        List<TrainingEvent> events =
                replay(HEADER + "f,a,,10,,,,3,t\nf,a,,20,,,,3,t\nf,a,,15,,,,3,t\nf,b,,5,,,,3,t\nf,a,,30,,,,3,t\n", 1);
        assertThat(losses(events).stream()
                        .filter(loss -> loss.run().equals("a"))
                        .map(LossObservation::step))
                .containsExactly(10L, 20L, 15L, 30L);
    }

    @Test
    void of_withoutTimes_interleavesByFraction() throws Exception {
        List<TrainingEvent> events =
                replay(HEADER + "f,a,,50,,,,3,t\nf,a,,100,,,,3,t\nf,b,,1,,,,3,t\nf,b,,4,,,,3,t\n", 1);
        assertThat(losses(events).stream().map(loss -> loss.run() + loss.step()))
                .containsExactly("b1", "a50", "a100", "b4");
    }

    @Test
    void of_times_areTheTimeline() throws Exception {
        Path file = write("t.csv", "run,step,loss,time\na,1,3,1000\nb,1,3,2026-01-01T00:00:00Z\na,2,3,1010.5\n");
        Replay replay = Replay.of(List.of(file), ReplayOptions.DEFAULT);
        assertThat(replay.timed()).isTrue();
        assertThat(replay.study()).isEqualTo("t");
        List<Duration> at = new ArrayList<>();
        replay.events().forEach(event -> {
            if (event.event() instanceof LossObservation) {
                at.add(event.at());
            }
        });
        assertThat(at.get(1)).isEqualTo(Duration.ofMillis(10_500));
    }

    @Test
    void of_gzip_isToldByContent() throws Exception {
        Path file = folder.resolve("x.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((HEADER + "f,a,,1,,,,3,t\n").getBytes(UTF_8));
        }
        assertThat(Replay.of(List.of(file), ReplayOptions.DEFAULT).total()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run,stp,los~a,1,2 | missing columns [step, loss]; found [run, stp, los]",
                "run,step,loss~a,x,2 | row 1: step is not a number: x",
                "run,step,loss~a,-1,2 | row 1: step is -1",
                "run,step,loss~a,1,high | row 1: loss is not a number: high",
                "run,step,loss~,1,2 | row 1: the run is empty",
                "run,step,loss,time~a,1,2,noon | row 1: time is neither",
                "run,step,loss | holds no rows",
            })
    void of_badFile_saysWhereAndWhy(String content, String reason) throws Exception {
        Path file = write("bad.csv", content.replace('~', '\n'));
        assertThatThrownBy(() -> Replay.of(List.of(file), ReplayOptions.DEFAULT))
                .isInstanceOf(CurveFileException.class)
                .hasMessageContaining("bad.csv")
                .hasMessageContaining(reason);
    }

    @Test
    void thinning_corners_stay() {
        TreeMap<Long, Double> rates = new TreeMap<>();
        for (long step = 0; step <= 10_000; step++) {
            rates.put(step, step < 100 ? step / 100.0 : step < 8000 ? 1 : (10_000 - step) / 2000.0);
        }
        assertThat(ScheduleThinning.of(rates).points())
                .extracting(Schedule.Point::step)
                .containsExactly(0L, 100L, 8000L, 10_000L);
    }

    @Test
    void thinning_noise_isBounded() {
        TreeMap<Long, Double> rates = new TreeMap<>();
        for (long step = 0; step < 5000; step++) {
            rates.put(step, 1 + (step * 7919 % 101) / 101.0);
        }
        assertThat(ScheduleThinning.of(rates).points()).hasSizeLessThanOrEqualTo(ScheduleThinning.MAX_POINTS);
    }

    @ParameterizedTest
    @CsvSource({
        "olmo_ladder/curves.csv,33,3948",
        "multipowerlaw/curves.csv,27,6266",
        "routing_clark/curves.csv,223,5800",
        "lr_scheduling_schaipp/curves_val.csv.gz,107,14972",
        "nanogpt_speedrun/train_curves.csv.gz,,55038"
    })
    void of_realData_sendsEveryRow(String name, Integer runs, int lines) throws Exception {
        Path file = Path.of(System.getProperty("straightedge.data", "")).resolve(name);
        assumeThat(file).as("real data is not there: " + file).exists();
        Replay replay = Replay.of(List.of(file), ReplayOptions.DEFAULT);
        if (runs != null) {
            assertThat(replay.runs()).isEqualTo(runs);
        }
        List<TrainingEvent> events = events(replay);
        assertThat(events).hasSize((int) replay.total());
        assertThat(losses(events)).hasSize(lines - 1);
    }

    private List<TrainingEvent> replay(String content, double fraction) throws Exception {
        Path file = write("curves.csv", content);
        return events(Replay.of(List.of(file), ReplayOptions.DEFAULT.withFraction(fraction)));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<TrainingEvent> events(Replay replay) {
        List<TrainingEvent> events = new ArrayList<>();
        for (TimedEvent timed : replay.events()) {
            events.add(timed.event());
        }
        return events;
    }

    private static List<LossObservation> losses(List<TrainingEvent> events) {
        return events.stream()
                .filter(LossObservation.class::isInstance)
                .map(LossObservation.class::cast)
                .toList();
    }
}
