package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A study restored from its changelog goes on as if nothing had happened, however dirty its stream. */
class RestoreTest {

    /** A run with everything in it that a stream may hold. */
    private static List<TrainingEvent> events(Random random) {
        List<TrainingEvent> events = new ArrayList<>();
        Schedule schedule = new Schedule(ScheduleKind.WSD, 50L, 1e-3, 0.0, 1600L, null, List.of());
        events.add(RunManifest.of(Fed.STUDY, Fed.RUN, 1e8, 2000L, 1e5, schedule));
        long step = random.nextInt(3);
        long every = 1;
        int rise = 0;
        while (step < 2000) {
            step += every;
            double clean = 2.5 + 6 * Math.pow(step + 1.0, -.4) + .01 * random.nextGaussian();
            double loss = rise-- > 0 ? clean + .05 * (1 + 1.0 * rise * rise) : clean;
            boolean told = random.nextInt(4) == 0;
            events.add(loss(step, told ? step * 1.1e5 : null, random.nextInt(200) == 0 ? Double.NaN : loss, "train"));
            if (step % 20 == 0) {
                events.add(loss(step, null, clean + .1, "val"));
            }
            switch (random.nextInt(150)) {
                case 0 -> step = Math.max(0, step - random.nextInt(200));
                case 1 -> rise = 8;
                case 2 -> every = 1L + random.nextInt(7);
                case 3 -> events.add(loss(Math.max(0, step - random.nextInt(30)), null, clean, "train"));
                case 4 -> events.add(StudyCommand.whatIf(Fed.STUDY, Fed.RUN, "w" + random.nextInt(3), 3000L, null));
                case 5 ->
                    events.add(RunManifest.of(Fed.STUDY, Fed.RUN, 1e8, 2000L, 1e5 * (1 + random.nextInt(2)), schedule));
                case 6 -> step += 40;
                default -> {}
            }
            int size = events.size();
            if (random.nextInt(60) == 0) {
                TrainingEvent overtaken = events.remove(size - 2);
                events.add(overtaken);
            }
        }
        events.add(new RunEnd(Fed.STUDY, Fed.RUN, Outcome.FINISHED, null, null));
        return events;
    }

    private static LossObservation loss(long step, @Nullable Double tokens, double loss, String split) {
        return new LossObservation(Fed.STUDY, Fed.RUN, step, tokens, loss, split, null, null, null, null, null);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void restore_atAnyEvent_givesTheSameRecords(long seed) throws MessageException {
        List<TrainingEvent> events = events(new Random(seed));
        List<Emission> undisturbed = new ArrayList<>();
        StudyState state = new StudyState(Fed.STUDY);
        Study study = new Study();
        events.forEach(event -> study.apply(state, event, -1, undisturbed));

        Random random = new Random(seed + 100);
        List<Emission> disturbed = new ArrayList<>();
        Map<String, byte[]> changelog = new TreeMap<>();
        StudyState now = new StudyState(Fed.STUDY);
        for (TrainingEvent event : events) {
            study.apply(now, event, -1, disturbed);
            if (random.nextInt(10) == 0) {
                List<Emission> changes = new ArrayList<>();
                Changelog.save(now, changes);
                for (Emission change : changes) {
                    if (change.value() == null) {
                        changelog.remove(change.key());
                    } else {
                        changelog.put(change.key(), change.value());
                    }
                }
                if (random.nextInt(5) == 0) {
                    now = new StudyState(Fed.STUDY);
                    for (Map.Entry<String, byte[]> record : changelog.entrySet()) {
                        Changelog.restore(now, Changelog.parts(record.getKey()), record.getValue());
                    }
                }
            }
        }
        assertThat(undisturbed)
                .hasSizeGreaterThan(100)
                .anyMatch(record -> record.topic().equals(Topics.DEVIATIONS));
        assertThat(text(disturbed)).isEqualTo(text(undisturbed));
    }

    private static List<String> text(List<Emission> records) {
        return records.stream()
                .map(record -> record.key() + " "
                        + (record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8)))
                .toList();
    }
}
