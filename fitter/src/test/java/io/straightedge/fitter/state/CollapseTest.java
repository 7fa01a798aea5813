package io.straightedge.fitter.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.straightedge.fitter.data.RealData;
import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Losses that are numbers and say nothing. */
class CollapseTest {

    private static RunManifest manifest(long steps, @Nullable Integer vocabulary) {
        return new RunManifest(
                Fed.STUDY,
                Fed.RUN,
                1e8,
                null,
                null,
                steps,
                1e5,
                null,
                null,
                null,
                vocabulary,
                null,
                null,
                null,
                Map.of(),
                List.of(),
                null,
                Map.of(),
                Map.of());
    }

    /** A log of transformers' trainer, fed to a run. */
    private static Fed fed(String file, @Nullable Integer vocabulary) throws IOException {
        JsonNode log =
                new ObjectMapper().readTree(RealData.file("formats/hf/" + file).toFile());
        Fed fed = new Fed();
        fed.event(manifest(log.get("max_steps").asLong(), vocabulary));
        for (JsonNode row : log.get("log_history")) {
            if (row.has("loss")) {
                fed.loss(row.get("step").asLong(), row.get("loss").asDouble());
            }
        }
        return fed;
    }

    @Test
    void collapseToZero_isADivergenceWithTheFirstZero() throws IOException {
        Fed fed = fed("qlora_loss_collapsed_to_zero.trainer_state.json", null);
        List<Deviation> found = fed.deviations(Detector.DIVERGENCE);
        assertThat(found).isNotEmpty();
        assertThat(found.get(0).onsetStep()).isEqualTo(20);
        assertThat(found.get(0).step()).isEqualTo(20);
        assertThat(found.get(0).message()).contains("exactly 0");
        assertThat(fed.split().bins.size()).as("zeros stay out of the curve").isEqualTo(1);
    }

    @Test
    void gluedToTheLogarithmOfTheVocabulary_isADivergenceWithTheFirstSuchLoss() throws IOException {
        Fed fed = fed("qlora_lr5_diverged.trainer_state.json", 32_000);
        List<Deviation> found = fed.deviations(Detector.DIVERGENCE);
        assertThat(found.get(0).onsetStep()).isEqualTo(2);
        assertThat(found.get(0).message())
                .contains("guessing among 32,000 words")
                .contains("1.637");
        assertThat(fed.deviations(Detector.SPIKE)).isEmpty();
        assertThat(fed.split().bins.size()).isEqualTo(1);
    }

    @Test
    void collapse_thatComesBack_endsAndTheCurveGoesOn() {
        Fed fed = new Fed();
        fed.event(manifest(10_000, 50_257));
        for (long step = 1; step <= 300; step++) {
            fed.loss(step, 4 + 6 / Math.sqrt((double) step) + .001 * (step % 7));
        }
        fed.loss(301, 11.2);
        fed.loss(302, 10.9);
        fed.loss(303, 4.35);
        assertThat(fed.deviations(Detector.DIVERGENCE).stream().map(Deviation::began))
                .containsExactly(true, false);
        assertThat(fed.split().collapse.collapsed()).isFalse();
    }

    @Test
    void collapse_whenTheRunEnds_isOver() {
        Fed fed = new Fed();
        fed.event(manifest(1000, null));
        fed.loss(1, 3);
        fed.loss(2, 0);
        fed.event(new RunEnd(Fed.STUDY, Fed.RUN, Outcome.FAILED, null, null));
        List<Deviation> found = fed.deviations(Detector.DIVERGENCE);
        assertThat(found.stream().map(Deviation::began)).containsExactly(true, false);
        assertThat(found.get(1).id()).isEqualTo(found.get(0).id());
        assertThat(found.get(1).message()).contains("the run has ended");
    }
}
