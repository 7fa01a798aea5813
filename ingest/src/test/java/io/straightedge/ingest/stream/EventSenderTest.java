package io.straightedge.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.straightedge.ingest.timeline.Pace;
import io.straightedge.ingest.timeline.TimedEvent;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.RecordWriter;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

final class EventSenderTest {

    private static TimedEvent at(long seconds) {
        return new TimedEvent(Duration.ofSeconds(seconds), LossObservation.of("s", "r", Math.max(0, seconds), 2));
    }

    @Test
    void send_writerBusyNowAndThen_keepsOrderAndLosesNothing() {
        List<Long> stored = new ArrayList<>();
        int[] calls = {0};
        RecordWriter writer = records -> calls[0]++ % 3 == 0
                ? Mono.error(new RecordWriter.BusyException("full"))
                : Mono.fromRunnable(() -> records.forEach(record -> stored.add(step(record.value()))));
        List<TimedEvent> events =
                LongStream.range(0, 3000).mapToObj(EventSenderTest::at).toList();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Flux<List<TrainingEvent>> batches = new Player(Pace.MAX, clock).play(events);
        Long last = new EventSender(writer, 12, meters).send(batches).blockLast(Duration.ofSeconds(20));
        assertThat(last).isEqualTo(3000);
        assertThat(stored).isEqualTo(LongStream.range(0, 3000).boxed().toList());
        assertThat(meters.counter("straightedge.ingest.sent").count()).isEqualTo(3000);
    }

    @Test
    void send_kafkaFails_fails() {
        RecordWriter writer = records -> Mono.error(new IllegalStateException("away"));
        StepVerifier.create(
                        new EventSender(writer, 12, new SimpleMeterRegistry()).send(Flux.just(List.of(at(1).event()))))
                .verifyErrorMessage("away");
    }

    @Test
    void play_paced_sendsHistoryAtOnceAndTheRestWhenDue() {
        List<TimedEvent> events = List.of(at(-10), at(-5), at(0), at(20), at(40));
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        List<Integer> sizes = new ArrayList<>();
        new Player(new Pace(2), clock).play(events).map(List::size).subscribe(sizes::add);
        assertThat(sizes).containsExactly(3);
        clock.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(sizes).containsExactly(3);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(sizes).containsExactly(3, 1);
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(sizes).containsExactly(3, 1, 1);
        clock.dispose();
    }

    private static long step(byte[] value) {
        try {
            return Json.read(value, LossObservation.class).step();
        } catch (MessageException e) {
            throw new AssertionError(e);
        }
    }
}
