package io.straightedge.deploy;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import io.straightedge.protocol.run.StudyClock;
import io.straightedge.protocol.run.StudyDefinition;
import io.straightedge.protocol.run.TrainingEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Training events of made-up studies, the same for the same seed. */
final class Ladder {

    private Ladder() {}

    /** Studies {@code study-0 ...} of eight runs each, interleaved as they would come in. */
    static List<TrainingEvent> events(int studies, int steps, long seed) {
        Random random = new Random(seed);
        List<TrainingEvent> events = new ArrayList<>();
        for (int study = 0; study < studies; study++) {
            events.add(new StudyDefinition(
                    name(study), null, null, null, null, null, List.of(1e20, 1e22), StudyClock.EVENT, null, Map.of()));
            for (int run = 0; run < 8; run++) {
                events.add(RunManifest.of(
                        name(study),
                        "run-" + run,
                        params(run),
                        (long) steps,
                        tokens(run) / steps,
                        Schedule.of(ScheduleKind.COSINE, 10L, 1e-3)));
            }
        }
        for (int step = 1; step <= steps; step++) {
            for (int study = 0; study < studies; study++) {
                for (int run = 0; run < 8; run++) {
                    double above = 4 * (Math.pow(.2 * step + 1, -.5) - Math.pow(.2 * steps + 1, -.5));
                    double loss = finalLoss(run) + above + .02 * random.nextGaussian();
                    events.add(LossObservation.of(name(study), "run-" + run, step, loss));
                }
            }
        }
        for (int study = 0; study < studies; study++) {
            for (int run = 0; run < 8; run++) {
                events.add(new RunEnd(name(study), "run-" + run, Outcome.FINISHED, null, null));
            }
        }
        return events;
    }

    /** The record that a client which knows nothing of ours would send with Java's default partitioner. */
    static ProducerRecord<byte[], byte[]> record(TrainingEvent event, int partitions) {
        String study = Objects.requireNonNull(event.study());
        return new ProducerRecord<>(
                Topics.TRAINING_EVENTS,
                Topics.partitionOf(study, partitions),
                study.getBytes(StandardCharsets.UTF_8),
                Json.write(event));
    }

    private static String name(int study) {
        return "study-" + study;
    }

    private static double params(int run) {
        return 2e7 * Math.pow(3, run % 4);
    }

    private static double tokens(int run) {
        return params(run) * (run < 4 ? 10 : 40);
    }

    private static double finalLoss(int run) {
        return 1.8172 + 477.8 / Math.pow(params(run), .3473) + 2143.4 / Math.pow(tokens(run), .3672);
    }
}
