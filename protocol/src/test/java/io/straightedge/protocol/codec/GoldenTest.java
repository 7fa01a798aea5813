package io.straightedge.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.straightedge.protocol.run.TrainingEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each message in each schema version reads and writes as it did when its golden file was made.
 *
 * <p>A message that has gained fields has a file for each state, {@code alert.json}, {@code alert.2.json}, ...: all are read
 * for ever, with what the earlier ones lack left empty, and the last is what is written now.
 */
final class GoldenTest {

    static Set<String> names() {
        return Samples.all().keySet();
    }

    /** The files of what is written now. */
    static Set<String> latest() {
        Map<String, String> latest = new TreeMap<>();
        names().forEach(name -> latest.put(message(name), name));
        return new TreeSet<>(latest.values());
    }

    @ParameterizedTest
    @MethodSource("names")
    void read_golden_givesTheRecord(String name) throws Exception {
        Record expected = sample(name);
        assertThat(Json.read(golden(name), expected.getClass())).isEqualTo(expected);
        if (expected instanceof TrainingEvent) {
            assertThat((Record) Json.event(Json.tree(golden(name)))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void write_record_keepsEveryFieldThatTheGoldenHas(String name) throws Exception {
        ObjectNode golden = (ObjectNode) Json.tree(golden(name));
        ObjectNode written = (ObjectNode) Json.tree(Json.write(sample(name)));
        golden.fieldNames()
                .forEachRemaining(
                        field -> assertThat(written.get(field)).as(field).isEqualTo(golden.get(field)));
    }

    @ParameterizedTest
    @MethodSource("latest")
    void write_record_givesTheGoldenBytes(String name) throws Exception {
        assertThat(new String(Json.write(sample(name)), UTF_8)).isEqualTo(new String(golden(name), UTF_8));
    }

    @ParameterizedTest
    @MethodSource("names")
    void read_unknownFields_areIgnored(String name) throws Exception {
        ObjectNode tree = (ObjectNode) Json.tree(golden(name));
        tree.putObject("later").put("v", 2).putArray("more").add(1);
        assertThat(Json.read(Json.bytes(tree), sample(name).getClass())).isEqualTo(sample(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void read_withoutVersion_isVersionOne(String name) throws Exception {
        ObjectNode tree = (ObjectNode) Json.tree(golden(name));
        tree.remove("v");
        assertThat(Json.read(Json.bytes(tree), sample(name).getClass())).isEqualTo(sample(name));
    }

    @Test
    void samples_cover_everyMessage() {
        Set<String> messages = names().stream().map(GoldenTest::message).collect(Collectors.toSet());
        assertThat(messages)
                .isEqualTo(Set.of(
                        "study",
                        "run",
                        "loss",
                        "end",
                        "command",
                        "tick",
                        "curve-estimate",
                        "law-estimate",
                        "deviation",
                        "forecast-score",
                        "track-record",
                        "prediction",
                        "recommendation",
                        "alert",
                        "alert-command"));
    }

    /** The message's name, without the number of the file. */
    private static String message(String name) {
        return name.replaceFirst("\\.[0-9]+$", "");
    }

    private static Record sample(String name) {
        return Objects.requireNonNull(Samples.all().get(name), name);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/v1/" + name + ".json")) {
            assertThat(in).as("golden file of %s", name).isNotNull();
            return Objects.requireNonNull(in).readAllBytes();
        }
    }
}
