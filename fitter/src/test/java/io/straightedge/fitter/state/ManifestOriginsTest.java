package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.RunManifest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ManifestOriginsTest {

    @Test
    void words_ofDerivedFields_areInTheOrderOfWhatMatters() throws MessageException {
        assertThat(
                        ManifestOrigins.words(
                                manifest(
                                        "{\"schedule\":\"derived from lr\",\"params\":\"derived from n_embd, n_layer\",\"other\":\"x\"}")))
                .isEqualTo("params: derived from n_embd, n_layer; schedule: derived from lr");
    }

    @Test
    void words_long_areCut() throws MessageException {
        assertThat(ManifestOrigins.words(manifest("{\"params\":\"" + "x".repeat(5_000) + "\"}")))
                .hasSizeLessThan(220)
                .endsWith("...");
    }

    @Test
    void words_nothingSaid_areNone() throws MessageException {
        assertThat(ManifestOrigins.words(null)).isNull();
        assertThat(ManifestOrigins.words(manifest("{\"params\":\" \",\"other\":\"x\"}")))
                .isNull();
    }

    private static RunManifest manifest(String provenance) throws MessageException {
        String json = "{\"type\":\"run\",\"study\":\"s\",\"run\":\"r\",\"provenance\":" + provenance + "}";
        return (RunManifest) Json.event(Json.tree(json.getBytes(StandardCharsets.UTF_8)));
    }
}
