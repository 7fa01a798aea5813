package io.straightedge.ingest.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.watch.Formats;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextReaderTest {

    /** Steps in the order of the file, {@code H} for a header; and what run each step belongs to. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10 20 30 40 | 1 1 1 1",
                "0 10 20 0 10 20 | 1 1 1 2 2 2",
                "10 20 30 10 20 | 1 1 1 2 2",
                "1 10 20 1 10 | 1 1 1 2 2",
                "10 20 30 20 30 40 | 1 1 1 1 1 1",
                "1000 1010 1020 1010 1020 | 1 1 1 1 1",
                "1000 1010 1020 1000 1010 | 1 1 1 1 1",
                "1000 1010 1020 H 1000 1010 | 1 1 1 1 1",
                "1000 1010 1020 10 20 | 1 1 1 2 2",
                "10 20 1000 100 110 | 1 1 1 1 1",
                "10 20 1000 H 100 110 | 1 1 1 2 2",
                "10 20 1000 H 500 510 | 1 1 1 1 1",
                "10 20 1000 H 1010 1020 | 1 1 1 1 1",
                "0 10 0 10 0 10 | 1 1 2 2 3 3",
                "H 1 H 1 2 | 1 2 2",
                "29050 H 29050 | 1 1",
                "10 20 20 30 | 1 1 1 1"
            })
    void read_appendedSteps_areSplitIntoRuns(String steps, String runs) {
        StringBuilder log = new StringBuilder();
        for (String step : steps.strip().split(" ", -1)) {
            log.append(
                    step.equals("H")
                            ? "-- arguments --\n  seed .......... 1\n-- end of arguments --\n"
                            : megatron(step));
        }
        List<String> found = points(items("megatron", log.toString())).stream()
                .map(point -> point.run() == null ? "1" : point.run().substring(1))
                .toList();
        assertThat(String.join(" ", found)).isEqualTo(runs.strip());
    }

    @Test
    void read_appendedRun_hasItsOwnConfiguration() {
        String first = "-- arguments --\n  lr ........ 0.1\n  seed ........ 1\n-- end of arguments --\n";
        String second = "-- arguments --\n  lr ........ 0.2\n-- end of arguments --\n";
        List<Item.Config> configurations = Reading.only(
                Item.Config.class,
                items("megatron", first + megatron("10") + megatron("20") + second + megatron("10")));
        assertThat(configurations).hasSize(2);
        assertThat(configurations.get(0).run()).isNull();
        assertThat(configurations.get(0).values()).containsEntry("lr", "0.1").containsEntry("seed", "1");
        assertThat(configurations.get(1).run()).isEqualTo("#2");
        assertThat(configurations.get(1).values()).containsEntry("lr", "0.2").doesNotContainKey("seed");
    }

    @Test
    void pause_configurationBeforeTheFirstLoss_isGiven() {
        SourceReader reader = Formats.named("megatron").open(SourceOptions.NONE);
        List<Item> items = new ArrayList<>();
        reader.read(ByteBuffer.wrap("-- arguments --\n  lr ........ 0.1\n".getBytes(UTF_8)), items::add);
        assertThat(items).isEmpty();
        reader.pause(items::add);
        reader.pause(items::add);
        assertThat(items).singleElement().isInstanceOf(Item.Config.class);
    }

    @Test
    void read_ranksThatWriteTheSame_givesEachStepOnce() {
        String log = IntStream.of(10, 20, 30)
                .mapToObj(step -> "[rank3]:" + megatron("" + step) + "[rank0]:" + megatron("" + step))
                .collect(Collectors.joining());
        assertThat(points(items("megatron", log))).extracting(Item.Point::step).containsExactly(10L, 20L, 30L);
    }

    @Test
    void read_anotherRankAfterARestart_isHeard() {
        String log = "[default7]:" + megatron("10") + "[default7]:" + megatron("20") + "[default0]:-- arguments --\n"
                + "[default3]:" + megatron("20") + "[default3]:" + megatron("30");
        assertThat(points(items("megatron", log))).extracting(Item.Point::step).containsExactly(10L, 20L, 20L, 30L);
    }

    @Test
    void read_lineTooLong_isUnreadableAndSkipped() {
        List<Item> items = items("megatron", megatron("10") + "x".repeat(70_000) + megatron("20") + megatron("30"));
        assertThat(points(items)).extracting(Item.Point::step).containsExactly(10L, 30L);
        assertThat(Reading.only(Item.Unreadable.class, items)).singleElement().satisfies(unreadable -> {
            assertThat(unreadable.position()).isEqualTo(megatron("10").length());
            assertThat(unreadable.excerpt()).hasSize(200);
        });
    }

    @Test
    void read_malformedBytes_areTolerated() {
        byte[] log = ("\u00ff\u00fe" + megatron("10").strip() + "\u00c3\n")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(Reading.points(Formats.named("megatron"), log)).hasSize(1);
    }

    @Test
    void read_lastLineWithoutEnd_isNotGiven() {
        SourceReader reader = Formats.named("llmc-log").open(SourceOptions.NONE);
        List<Item> items = new ArrayList<>();
        reader.read(ByteBuffer.wrap("s:1 trl:3.5\ns:2 trl:3.4".getBytes(UTF_8)), items::add);
        assertThat(reader.incomplete()).isEqualTo("a line without its end");
        reader.end(items::add);
        assertThat(points(items)).extracting(Item.Point::step).containsExactly(1L);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "[2026-01-02 03:04:05.678+01:00], 2026-01-02T02:04:05.678Z",
        "'2026-01-02 03:04:05,678 +0000', 2026-01-02T03:04:05.678Z",
        "2026-01-02 03:04:05,",
        "2026-13-02T03:04:05Z,"
    })
    void read_time_isTakenOnlyWithItsOffset(String stamp, String instant) {
        List<Item.Point> points = points(items("megatron", stamp + megatron("10")));
        assertThat(points)
                .singleElement()
                .satisfies(point ->
                        assertThat(Objects.toString(point.time(), null)).isEqualTo(instant));
    }

    private static String megatron(String step) {
        return " iteration " + step
                + "/ 5000 | consumed samples: 1 | lm loss: 2.5E+00 | number of nan iterations: 0 |\n";
    }

    private static List<Item> items(String format, String text) {
        return Reading.items(Formats.named(format), text.getBytes(UTF_8));
    }

    private static List<Item.Point> points(List<Item> items) {
        return Reading.only(Item.Point.class, items);
    }
}
