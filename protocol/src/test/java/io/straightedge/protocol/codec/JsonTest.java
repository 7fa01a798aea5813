package io.straightedge.protocol.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    private static TrainingEvent event(String json) throws MessageException {
        return Json.event(Json.tree(json.getBytes(UTF_8)));
    }

    private static LossObservation loss(String fields) throws MessageException {
        return (LossObservation) event("{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\"," + fields + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "\"NaN\""})
    void event_nan_bareOrQuoted(String value) throws Exception {
        assertThat(loss("\"step\":1,\"loss\":" + value).loss()).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "Infinity,Infinity",
        "-Infinity,-Infinity",
        "'\"Infinity\"',Infinity",
        "'\"-Infinity\"',-Infinity",
        "'\"2.5\"',2.5",
        "0,0"
    })
    void event_loss_takesEveryNumber(String value, double expected) throws Exception {
        assertThat(loss("\"step\":1,\"loss\":" + value).loss()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"loss\":null,\"step\":1", "\"step\":1", "\"step\":1,\"loss\":\"\""})
    void event_lossAbsent_isNull(String fields) throws Exception {
        assertThat(loss(fields).loss()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "3,3",
        "'\"3\"',3",
        "3.0,3",
        "1e3,1000",
        "'\"3.0\"',3",
        "9007199254740993,9007199254740993",
        "'\"9223372036854775807\"',9223372036854775807"
    })
    void event_step_numberOrString(String value, long expected) throws Exception {
        assertThat(loss("\"step\":" + value).step()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-11-24T01:50:00Z\"",
                "\"2026-11-24T03:50:00+02:00\"",
                "1795485000000",
                "\"1795485000000\"",
                "1.795485E12"
            })
    void event_time_isoOrMillis(String value) throws Exception {
        assertThat(loss("\"step\":1,\"time\":" + value).time()).isEqualTo(Instant.parse("2026-11-24T01:50:00Z"));
    }

    private record Nothing() {}

    private record Something(double value) {}

    @Test
    void write_recordOrList_beginsWithItsVersion() {
        assertThat(Json.write(new Nothing())).asString(UTF_8).isEqualTo("{\"v\":1}");
        assertThat(Json.write(new Something(Double.NaN))).asString(UTF_8).isEqualTo("{\"v\":1,\"value\":\"NaN\"}");
        assertThat(Json.write(List.of(new Nothing(), new Something(1))))
                .asString(UTF_8)
                .isEqualTo("[{\"v\":1},{\"v\":1,\"value\":1.0}]");
    }

    @Test
    void split_objectOrArray() throws Exception {
        assertThat(Json.split("{\"a\":1}".getBytes(UTF_8))).hasSize(1);
        assertThat(Json.split(" [{\"a\":1}, 3]".getBytes(UTF_8))).hasSize(2);
        assertThat(Json.split("[]".getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'loss','study':'s','run':'r','step':1,'v':2} | schema version 2 is not known: this build reads 1",
                "{'study':'s'} | type is missing",
                "{'type':'los','study':'s'} | type los is not known",
                "{'type':'loss','study':'s','run':'r','step':-1} | step is -1: it must not be negative",
                "{'type':'loss','study':'s','run':'r'} | step: is missing",
                "{'type':'loss','study':'s','run':'r','step':null} | step: is missing",
                "{'type':'loss','study':'s','run':'r','step':3.7} | step: not a whole number: 3.7",
                "{'type':'loss','study':'s','run':'r','step':''} | step: not a whole number",
                "{'type':'loss','study':'s','run':'r','step':'x'} | step: not a whole number: x",
                "{'type':'loss','study':'s','run':'r','step':[1]} | step: not a whole number",
                "{'type':'loss','study':'s','run':'r','step':99999999999999999999} | step: ",
                "{'type':'loss','study':'s','run':'r','step':1,'loss':'high'} | loss: ",
                "{'type':'loss','study':'s','run':'r','step':1,'time':'noon'} | time: not a time",
                "{'type':'loss','study':' ','run':'r','step':1} | study is missing",
                "{'type':'loss','run':'r','step':1} | study is missing",
                "{'type':'end','study':'s','run':'r','outcome':'won'} | outcome: ",
                "{'type':'end','study':'s','run':'r','outcome':1} | outcome: ",
                "{'type':'end','study':'s','run':'r'} | outcome is missing",
                "{'type':'study','study':'s','budgetsFlops':[null]} | null inside a list or a map",
                "{'type':'run','study':'s','run':'r','params':0} | params is 0.0",
                "{'type':'run','study':'s','run':'r','schedule':{'kind':'wsd'}} | decayStartStep is missing",
                "{'type':'loss','study':'s\\ud800','run':'r','step':1} | half of a surrogate pair",
                "{'type':'loss','study':'a\\nb','run':'r','step':1} | control character",
                "7 | expected a JSON object",
                "{'type':'loss' | not JSON: ",
                "{} {} | not JSON: ",
            })
    void event_bad_isRefusedInWords(String json, String reason) {
        assertThatThrownBy(() -> event(json.replace('\'', '"')))
                .isInstanceOf(MessageException.class)
                .hasMessageContaining(reason)
                .message()
                .hasSizeLessThan(450)
                .doesNotContain("io.straightedge", "com.fasterxml", "java.");
    }

    @Test
    void tree_depthBomb_isRefused() {
        byte[] bomb = ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(UTF_8);
        assertThatThrownBy(() -> Json.tree(bomb)).hasMessage("not JSON: nested deeper than 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void tree_empty_isRefused(String json) {
        assertThatThrownBy(() -> Json.tree(json.getBytes(UTF_8))).hasMessage("empty: expected a JSON object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":\"1\\u001b[2J\\r\\nforged\",\"type\":\"loss\"}",
                "{\"type\":\"lo\\u0085\\u2028ss\\u001b[31m\\nforged\"}",
                "{\"type\":\"loss\",\"study\":\"s\",\"run\":\"r\",\"step\":\"1\\r\\nforged\\u009b\"}",
                "{\"type\":\"run\",\"study\":\"s\",\"run\":\"r\",\"hyperparameters\":{\"a\\r\\nforged\\u001b\":[]}}",
                "{\"type\":\"run\",\"study\":\"s\",\"run\":\"r\",\"schedule\":{\"kind\":\"x\\nforged\\u0007\"}}",
                "{\"type\":\"loss\",\"study\":\"s\\nforged\",\"run\":\"r\",\"step\":1}"
            })
    void event_controlCharacters_areNotInTheReason(String json) {
        assertThatThrownBy(() -> Json.event(Json.tree(json.getBytes(UTF_8))))
                .isInstanceOf(MessageException.class)
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]"));
    }

    @Test
    void event_hugeName_isNotRepeated() {
        String name = "n".repeat(10_000);
        assertThatThrownBy(() -> event("{\"type\":\"loss\",\"study\":\"" + name + "\",\"run\":\"r\",\"step\":1}"))
                .hasMessage("study has 10000 characters: at most 250 are allowed");
        assertThatThrownBy(() -> event("{\"type\":\"" + name + "\",\"study\":\"s\"}"))
                .message()
                .hasSizeLessThan(100);
        assertThatThrownBy(() -> event("{\"v\":\"" + name + "\",\"type\":\"loss\"}"))
                .message()
                .hasSizeLessThan(100);
    }

    @Test
    void write_listOfEvents_keepsTypes() throws Exception {
        List<TrainingEvent> events = List.of(LossObservation.of("s", "r", 1, 2));
        JsonNode first = Json.split(Json.write(events)).get(0);
        assertThat(Json.event(first)).isEqualTo(events.get(0));
    }

    @Test
    void write_nonFinite_areStrings() {
        assertThat(new String(Json.write(LossObservation.of("s", "r", 1, Double.NaN)), UTF_8))
                .contains("\"loss\":\"NaN\"");
    }
}
