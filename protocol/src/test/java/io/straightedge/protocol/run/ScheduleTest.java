package io.straightedge.protocol.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleTest {

    private static RunManifest manifest(String fields) throws MessageException {
        String json = "{\"type\":\"run\",\"study\":\"s\",\"run\":\"r\"," + fields + "}";
        return (RunManifest) Json.event(Json.tree(json.getBytes(UTF_8)));
    }

    private static Schedule schedule(String fields) throws MessageException {
        return Objects.requireNonNull(manifest("\"schedule\":{" + fields + "}").schedule());
    }

    /** Megatron-LM's --lr-decay-style, transformers' SchedulerType and PyTorch's classes. */
    @ParameterizedTest
    @CsvSource({
        "constant, CONSTANT",
        "constant_with_warmup, CONSTANT",
        "CONSTANT, CONSTANT",
        "linear, LINEAR",
        "cosine, COSINE",
        "Cosine_With_Min_LR, COSINE",
        "cosine_warmup_with_min_lr, COSINE",
        "CosineAnnealingLR, COSINE",
        "WSD, WSD",
        "warmup_stable_decay, WSD",
        "warmup-stable-decay, WSD",
        "inverse-square-root, INVERSE_SQRT",
        "inverse_sqrt, INVERSE_SQRT",
        "INVERSE_SQRT, INVERSE_SQRT",
        "MultiStepLR, MULTISTEP",
        "polynomial, POLYNOMIAL",
        "cosine_with_restarts, COSINE_WITH_RESTARTS",
        "CosineAnnealingWarmRestarts, COSINE_WITH_RESTARTS",
        "reduce_lr_on_plateau, UNKNOWN"
    })
    void read_kindByAnyName_isThatKind(String name, ScheduleKind kind) throws Exception {
        Schedule read = schedule(
                "\"kind\":\"" + name + "\",\"peak\":1,\"decayStartStep\":5,\"points\":[{\"step\":3,\"lr\":0.1}]");
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(new String(Json.write(read), UTF_8)).contains("\"kind\":\"" + kind.named() + "\"");
    }

    @ParameterizedTest
    @EnumSource(ScheduleKind.class)
    void of_ownName_isTheSame(ScheduleKind kind) {
        assertThat(ScheduleKind.of(kind.named())).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(DecayShape.class)
    void of_ownName_isTheSame(DecayShape shape) {
        assertThat(DecayShape.of(shape.named())).isEqualTo(shape);
    }

    @ParameterizedTest
    @CsvSource({
        "minus_sqrt, ONE_MINUS_SQRT",
        "1-sqrt, ONE_MINUS_SQRT",
        "ONE_MINUS_SQRT, ONE_MINUS_SQRT",
        "exponential, EXPONENTIAL",
        "Linear, LINEAR"
    })
    void read_shapeByAnyName_isThatShape(String name, DecayShape shape) throws Exception {
        assertThat(schedule("\"kind\":\"wsd\",\"decayStartStep\":5,\"decayShape\":\"" + name + "\"")
                        .decayShape())
                .isEqualTo(shape);
    }

    @Test
    void read_typo_listsTheNames() {
        assertThatThrownBy(() -> schedule("\"kind\":\"cosin\""))
                .isInstanceOf(MessageException.class)
                .hasMessageContaining("cosin is not known")
                .hasMessageContaining("constant, cosine, linear, wsd, multistep, inverse-sqrt, points")
                .hasMessageContaining("or unknown");
        assertThatThrownBy(() -> schedule("\"kind\":\"wsd\",\"decayStartStep\":5,\"decayShape\":\"root\""))
                .hasMessageContaining("root is not known: linear, cosine, one-minus-sqrt");
        assertThatThrownBy(() -> schedule("\"kind\":3")).isInstanceOf(MessageException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"power\":0",
                "\"cycles\":0",
                "\"cycles\":1001",
                "\"cycleGrowth\":0.5",
                "\"cycleGrowth\":\"NaN\"",
                "\"warmupStartLr\":-1",
                "\"warmupSteps\":10,\"decayEndStep\":9"
            })
    void read_optionOutOfRange_saysWhich(String fields) {
        String name = fields.substring(fields.lastIndexOf(",") + 2, fields.lastIndexOf("\":"));
        assertThatThrownBy(() -> schedule("\"kind\":\"cosine\"," + fields))
                .isInstanceOf(MessageException.class)
                .hasMessageContaining("schedule." + name.replace("\"", ""));
    }

    @Test
    void followsTheEnd_onlyWhereTheDecayEndsWithTheRun() {
        assertThat(Schedule.of(ScheduleKind.COSINE, 1L, 1.0).followsTheEnd()).isTrue();
        assertThat(Schedule.of(ScheduleKind.INVERSE_SQRT, 1L, 1.0).followsTheEnd())
                .isFalse();
        Schedule fixed =
                new Schedule(ScheduleKind.COSINE, 1L, 1.0, null, null, null, List.of(), null, 90L, null, null, null);
        assertThat(fixed.followsTheEnd()).isFalse();
    }

    @Test
    void read_recipe_isKept() throws Exception {
        RunManifest read =
                manifest("\"optimizer\":\"Muon\",\"hyperparameters\":{\"weightDecay\":0.1,\"beta1\":\"0.9\"}");
        assertThat(read.optimizer()).isEqualTo("Muon");
        assertThat(read.hyperparameters()).isEqualTo(Map.of("weightDecay", 0.1, "beta1", 0.9));
        assertThat(manifest("\"params\":1").hyperparameters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"hyperparameters\":{\"beta1\":\"NaN\"}",
                "\"hyperparameters\":{\"beta1\":\"much\"}",
                "\"hyperparameters\":{\"beta1\":null}",
                "\"hyperparameters\":{\" \":1}",
                "\"optimizer\":\"\""
            })
    void read_badRecipe_isRefused(String fields) {
        assertThatThrownBy(() -> manifest(fields)).isInstanceOf(MessageException.class);
    }

    @Test
    void withRecipe_tooMany_isRefused() {
        Map<String, Double> many = new HashMap<>();
        for (int i = 0; i < RunManifest.MAX_HYPERPARAMETERS; i++) {
            many.put("h" + i, 1.0);
        }
        RunManifest manifest = RunManifest.of("s", "r", null, null, null, null);
        assertThat(manifest.withRecipe(null, many).hyperparameters()).hasSize(RunManifest.MAX_HYPERPARAMETERS);
        many.put("one more", 1.0);
        assertThatThrownBy(() -> manifest.withRecipe(null, many)).hasMessageContaining("at most 32");
    }
}
