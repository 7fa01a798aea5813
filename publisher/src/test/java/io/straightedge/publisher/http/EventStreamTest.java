package io.straightedge.publisher.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.kafka.Topics;
import io.straightedge.publisher.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamTest extends ServedSample {

    @Test
    void stream_get_beginsWithASnapshotAndTellsOfChanges() throws Exception {
        HttpResponse<InputStream> response =
                CLIENT.send(request("/v1/stream").header("Last-Event-ID", "77").build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).startsWith("text/event-stream");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(line(lines)).startsWith("retry: ");
            assertThat(line(lines)).isEqualTo("event: snapshot");
            assertThat(line(lines)).isEqualTo("id: 1");
            JsonNode snapshot = data(line(lines));
            assertThat(snapshot.get("caughtUp").asBoolean()).isTrue();
            assertThat(snapshot.get("runs").size()).isEqualTo(4);
            assertThat(line(lines)).isEmpty();

            CurveEstimate fresh = Sample.curve("stream", "new", 1e8, 2e9, 0.5);
            take(Topics.CURVE_ESTIMATES, fresh.key(), fresh);
            assertThat(line(lines)).isEqualTo("event: change");
            assertThat(line(lines)).isEqualTo("id: 2");
            assertThat(data(line(lines)).at("/runs/0/run").asText()).isEqualTo("new");
            assertThat(line(lines)).isEmpty();

            take(Topics.CURVE_ESTIMATES, fresh.key(), null);
            assertThat(line(lines)).isEqualTo("event: change");
            line(lines);
            JsonNode gone = data(line(lines));
            assertThat(gone.at("/goneRuns/0/run").asText()).isEqualTo("new");
            assertThat(gone.at("/goneStudies/0").asText()).isEqualTo("stream");
        }
    }

    private static String line(BufferedReader lines) throws IOException {
        return Objects.requireNonNull(lines.readLine());
    }

    private static JsonNode data(String line) throws MessageException {
        assertThat(line).startsWith("data: ");
        return Json.tree(line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8));
    }
}
