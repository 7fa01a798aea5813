package io.straightedge.ingest.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.protocol.run.DecayShape;
import io.straightedge.protocol.run.ParameterCount;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations as trainers write them, and what has to follow. */
final class ManifestFactsTest {

    private static final String GPT2 =
            "model_type=gpt2 n_embd=768 n_layer=12 n_head=12 vocab_size=50257 n_positions=1024 n_inner=None";

    /** The sizes are those of the published checkpoints. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gpt2          | 124439808   | model_type=gpt2 n_embd=768 n_layer=12 n_head=12 vocab_size=50257 n_positions=1024 n_inner=None tie_word_embeddings=True
            gpt2-xl       | 1557611200  | model_type=gpt2 n_embd=1600 n_layer=48 n_head=25 vocab_size=50257 n_positions=1024
            Llama-2-7B    | 6738415616  | model_type=llama hidden_size=4096 num_hidden_layers=32 num_attention_heads=32 num_key_value_heads=32 intermediate_size=11008 vocab_size=32000 tie_word_embeddings=False
            Llama-2-70B   | 68976648192 | model_type=llama hidden_size=8192 num_hidden_layers=80 num_attention_heads=64 num_key_value_heads=8 intermediate_size=28672 vocab_size=32000
            Llama-3-8B    | 8030261248  | model_type=llama hidden_size=4096 num_hidden_layers=32 num_attention_heads=32 num_key_value_heads=8 intermediate_size=14336 vocab_size=128256
            Llama-3.2-1B  | 1235814400  | model_type=llama hidden_size=2048 num_hidden_layers=16 num_attention_heads=32 num_key_value_heads=8 head_dim=64 intermediate_size=8192 vocab_size=128256 tie_word_embeddings=true
            Mistral-7B    | 7241732096  | model_type=mistral hidden_size=4096 num_hidden_layers=32 num_attention_heads=32 num_key_value_heads=8 intermediate_size=14336 vocab_size=32000
            Qwen2-0.5B    | 494032768   | model_type=qwen2 hidden_size=896 num_hidden_layers=24 num_attention_heads=14 num_key_value_heads=2 intermediate_size=4864 vocab_size=151936 tie_word_embeddings=True
            Qwen2.5-7B    | 7615616512  | model_type=qwen2 hidden_size=3584 num_hidden_layers=28 num_attention_heads=28 num_key_value_heads=4 intermediate_size=18944 vocab_size=152064 tie_word_embeddings=False
            Qwen3-0.6B    | 596049920   | model_type=qwen3 hidden_size=1024 num_hidden_layers=28 num_attention_heads=16 num_key_value_heads=8 head_dim=128 intermediate_size=3072 vocab_size=151936 tie_word_embeddings=True
            Gemma-2B      | 2506172416  | model_type=gemma hidden_size=2048 num_hidden_layers=18 num_attention_heads=8 num_key_value_heads=1 head_dim=256 intermediate_size=16384 vocab_size=256000
            Gemma-2-2B    | 2614341888  | model_type=gemma2 hidden_size=2304 num_hidden_layers=26 num_attention_heads=8 num_key_value_heads=4 head_dim=256 intermediate_size=9216 vocab_size=256000
            Pythia-160M   | 162322944   | model_type=gpt_neox hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 vocab_size=50304 tie_word_embeddings=False
            Pythia-12B    | 11846072320 | model_type=gpt_neox hidden_size=5120 num_hidden_layers=36 num_attention_heads=40 intermediate_size=20480 vocab_size=50688
            OPT-125M      | 125239296   | model_type=opt hidden_size=768 num_hidden_layers=12 num_attention_heads=12 ffn_dim=3072 vocab_size=50272 max_position_embeddings=2048
            BLOOM-560M    | 559214592   | model_type=bloom hidden_size=1024 n_layer=24 n_head=16 vocab_size=250880
            nanoGPT       | 124337664   | n_embd=768 n_layer=12 n_head=12 vocab_size=50257 block_size=1024 bias=False
            torchtitan-8B | 8030261248  | dim=4096 n_layers=32 n_heads=32 n_kv_heads=8 vocab_size=128256 multiple_of=1024 ffn_dim_multiplier=1.3
            litgpt-pythia | 162322944   | mlp_class_name=GptNeoxMLP n_embd=768 n_layer=12 n_head=12 padded_vocab_size=50304 intermediate_size=3072 bias=True norm_class_name=LayerNorm
            """)
    void params_publishedModel_isExact(String name, double expected, String configuration) {
        RunManifest manifest = manifest(configuration);
        assertThat(manifest.params()).as(name).isEqualTo(expected);
        assertThat(manifest.paramsCount()).isEqualTo(ParameterCount.TOTAL);
        assertThat(manifest.provenance().get("params"))
                .startsWith("derived from ")
                .contains("vocab_size");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model_type=mixtral hidden_size=4096 num_hidden_layers=32 num_attention_heads=32 intermediate_size=14336 vocab_size=32000 num_local_experts=8",
                "model_type=qwen3_moe hidden_size=2048 num_hidden_layers=48 num_attention_heads=32 intermediate_size=6144 vocab_size=151936",
                "model_type=llama hidden_size=4096 num_hidden_layers=32 num_attention_heads=32 vocab_size=32000",
                "model_type=bert hidden_size=768 num_hidden_layers=12 num_attention_heads=12 intermediate_size=3072 vocab_size=30522",
                "hidden_size=768 num_hidden_layers=12 vocab_size=30522 intermediate_size=3072",
                "model_type=gpt2 n_embd=nan n_layer=12 vocab_size=50257"
            })
    void params_layoutNotKnown_isLeftOut(String configuration) {
        assertThat(manifest(configuration).params()).isNull();
        assertThat(manifest(configuration).provenance()).doesNotContainKey("params");
    }

    @Test
    void params_saidOutright_winsOverTheDerived() {
        assertThat(manifest(GPT2 + " num_parameters=1000").params()).isEqualTo(1000);
        assertThat(manifest(GPT2 + " n_params=2000").paramsCount()).isNull();
        RunManifest overridden = manifest(GPT2 + " n_params=2000 straightedge.params=1.5e9");
        assertThat(overridden.params()).isEqualTo(1.5e9);
        assertThat(overridden.provenance()).containsEntry("params", "given as straightedge.params");
    }

    @Test
    void params_nestedNames_areFoundWhereTheyAgree() {
        String nested = "model.model_type=gpt2 model.n_embd=768 model.n_layer=12 model.n_head=12 model.vocab_size=50257"
                + " model.n_positions=1024";
        assertThat(manifest(nested).params()).isEqualTo(124_439_808);
        assertThat(manifest(nested + " vision_config.n_embd=64").params()).isEqualTo(124_439_808);
        assertThat(manifest(nested + " helper.n_embd=64").params()).isNull();
    }

    @Test
    void schedule_trainingArguments_isReadWithItsKeywords() {
        RunManifest linear = manifest(
                "lr_scheduler_type=linear learning_rate=5e-05 warmup_steps=0 warmup_ratio=0.03 max_steps=1001");
        assertThat(schedule(linear).kind()).isEqualTo(ScheduleKind.LINEAR);
        assertThat(schedule(linear).warmupSteps()).isEqualTo(31);
        assertThat(schedule(linear).peak()).isEqualTo(5e-5);
        assertThat(linear.plannedSteps()).isEqualTo(1001);
        Map<String, String> cosine = values(
                "lr_scheduler_type=SchedulerType.COSINE_WITH_MIN_LR learning_rate=3e-4 warmup_steps=20 max_steps=500");
        cosine.put("lr_scheduler_kwargs", "{'min_lr_rate': 0.1}");
        assertThat(schedule(of(cosine)).finalLr()).isCloseTo(3e-5, within(1e-12));
        Map<String, String> wsd =
                values("lr_scheduler_type=warmup_stable_decay learning_rate=1e-3 warmup_steps=10 max_steps=100");
        wsd.put("lr_scheduler_kwargs", "{'num_decay_steps': 20, 'decay_type': 'linear', 'x': None}");
        assertThat(schedule(of(wsd)).decayStartStep()).isEqualTo(80);
        assertThat(schedule(of(wsd)).decayShape()).isEqualTo(DecayShape.LINEAR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lr_scheduler_type=linear learning_rate=5e-05 warmup_ratio=0.03 max_steps=-1",
                "lr_scheduler_type=inverse_sqrt learning_rate=5e-05 warmup_steps=0",
                "lr_scheduler_type=cosine_with_min_lr learning_rate=5e-05",
                "lr_scheduler_type=reduce_lr_on_plateau learning_rate=5e-05",
                "learning_rate=5e-05 max_steps=100"
            })
    void schedule_notSettled_isLeftOut(String configuration) {
        assertThat(manifest(configuration).schedule()).isNull();
    }

    @Test
    void schedule_otherTrainers_isRead() {
        RunManifest megatron = manifest(
                "lr=3e-4 min_lr=3e-5 lr_decay_style=WSD lr_warmup_iters=100 train_iters=1000 lr_wsd_decay_iters=200"
                        + " lr_wsd_decay_style=minus_sqrt seq_length=4096 global_batch_size=256 weight_decay=0.1 adam_beta2=0.95");
        assertThat(schedule(megatron).decayStartStep()).isEqualTo(800);
        assertThat(schedule(megatron).decayShape()).isEqualTo(DecayShape.ONE_MINUS_SQRT);
        assertThat(megatron.tokensPerStep()).isEqualTo(4096.0 * 256);
        assertThat(megatron.hyperparameters()).containsEntry("weightDecay", 0.1).containsEntry("beta2", 0.95);
        RunManifest nano =
                manifest("learning_rate=6e-4 min_lr=6e-5 warmup_iters=2000 lr_decay_iters=600000 max_iters=600000"
                        + " batch_size=12 block_size=1024 gradient_accumulation_steps=40");
        assertThat(schedule(nano).kind()).isEqualTo(ScheduleKind.COSINE);
        assertThat(nano.tokensPerStep()).isEqualTo(12.0 * 1024 * 40);
        RunManifest titan = manifest(
                "optimizer.lr=8e-4 optimizer.name=AdamW lr_scheduler.warmup_steps=200 lr_scheduler.decay_ratio=0.2"
                        + " training.steps=1000 training.seq_len=2048 training.global_batch_size=64");
        assertThat(schedule(titan).decayStartStep()).isEqualTo(800);
        assertThat(titan.tokensPerStep()).isEqualTo(2048.0 * 64);
        assertThat(titan.optimizer()).isEqualTo("AdamW");
    }

    @Test
    void schedule_llmcAndLossCast_isRead() {
        Map<String, String> llmc =
                values("seq_len=1024 tokens_per_step=524288 max_steps=1000 num_parameters=124475904");
        llmc.putAll(Map.of(
                "LR scheduler", "wsd",
                "learning_rate", "6.000000e-04",
                "warmup iterations", "100",
                "final LR fraction", "0.1"));
        RunManifest wsd = of(llmc);
        assertThat(wsd.params()).isEqualTo(124_475_904);
        assertThat(wsd.tokensPerStep()).isEqualTo(524_288);
        assertThat(wsd.plannedSteps()).isEqualTo(1000);
        assertThat(schedule(wsd).decayStartStep()).isEqualTo(800);
        assertThat(schedule(wsd).decayShape()).isEqualTo(DecayShape.ONE_MINUS_SQRT);
        assertThat(schedule(wsd).finalLr()).isCloseTo(6e-5, within(1e-12));

        String recipe =
                "n_params=130000000.0 model.n_layers=32 model.d_model=512 optimizer.name=adamw optimizer.lr=0.008"
                        + " data.seq_len=2048 data.batch_tokens=262144 data.tokens_total=1341915136 schedule.warmup_steps=2000"
                        + " schedule.total_steps=5119 schedule.cooldown_steps=0 schedule.final_lr_ratio=0.0";
        RunManifest cosine = manifest(recipe + " schedule.lr_schedule=cosine");
        assertThat(cosine.params()).isEqualTo(130e6);
        assertThat(cosine.tokensPerStep()).isEqualTo(262_144);
        assertThat(cosine.plannedTokens()).isEqualTo(1_341_915_136);
        assertThat(cosine.sequenceLength()).isEqualTo(2048);
        assertThat(schedule(cosine).kind()).isEqualTo(ScheduleKind.COSINE);
        assertThat(schedule(cosine).warmupSteps()).isEqualTo(2000);
        assertThat(schedule(cosine).peak()).isEqualTo(0.008);
        assertThat(cosine.provenance().get("schedule")).startsWith("derived from schedule.lr_schedule, optimizer.lr");
        RunManifest warmdown = manifest(recipe.replace("5119", "1990")
                + " schedule.lr_schedule=warmup_stable_warmdown schedule.warmdown_ratio=0.2");
        assertThat(schedule(warmdown).decayStartStep())
                .as("not before the warm-up ends")
                .isEqualTo(2000);
        assertThat(manifest(recipe + " schedule.lr_schedule=wavy").schedule()).isNull();
        assertThat(manifest(recipe.replace("cooldown_steps=0", "cooldown_steps=9") + " schedule.lr_schedule=cosine")
                        .schedule())
                .isNull();
    }

    @Test
    void tokensPerStep_aFactorMissing_isLeftOut() {
        String arguments = "per_device_train_batch_size=8 gradient_accumulation_steps=4 max_seq_length=2048";
        assertThat(manifest(arguments).tokensPerStep()).isNull();
        assertThat(manifest(arguments + " world_size=16").tokensPerStep()).isEqualTo(8.0 * 4 * 16 * 2048);
        assertThat(manifest(arguments + " world_size=16 tensor_model_parallel_size=2")
                        .tokensPerStep())
                .isNull();
        assertThat(manifest(arguments + " world_size=16 packing=False").tokensPerStep())
                .isNull();
        assertThat(manifest("per_device_train_batch_size=8 gradient_accumulation_steps=4 world_size=1 n_positions=1024")
                        .tokensPerStep())
                .isNull();
        assertThat(manifest("model_max_length=1000000000000000019884624838656").sequenceLength())
                .isNull();
    }

    @Test
    void override_bad_isNamed() {
        assertThatThrownBy(() -> manifest("straightedge.params=many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("straightedge.params is many: it must be a finite number above 0");
        assertThatThrownBy(() -> manifest("straightedge.plannedSteps=1.5")).hasMessageContaining("whole number");
        assertThatThrownBy(() -> manifest("straightedge.parms=1"))
                .hasMessageContaining("straightedge.parms is not known");
        assertThatThrownBy(() -> manifest("straightedge.schedule={\"kind\":\"wavy\"}"))
                .hasMessageContaining("straightedge.schedule");
        assertThatThrownBy(() -> manifest("straightedge.metric.weight=x")).hasMessageContaining("weight");
    }

    /** Before anything is made of them. */
    @ParameterizedTest
    @CsvSource({
        "flopsPerToken, -1",
        "lossReduction, odd",
        "dataOrder, 'a\tb'",
        "study, 'a\tb'",
        "optimizer, 'a\tb'",
        "paramsCount, half",
        "sequenceLength, 1e12",
    })
    void override_bad_isRefusedWhenRead(String field, String value) {
        assertThatThrownBy(() -> ManifestFacts.from(Map.of("straightedge." + field, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("straightedge." + field);
    }

    @Test
    void override_good_winsAndSaysSo() {
        RunManifest manifest = manifest("max_steps=10 straightedge.plannedSteps=20 straightedge.tokensPerStep=524288"
                + " straightedge.dataOrder=a straightedge.label.team=x straightedge.paramsCount=non-embedding"
                + " straightedge.schedule={\"kind\":\"wsd\",\"decayStartStep\":15}");
        assertThat(manifest.plannedSteps()).isEqualTo(20);
        assertThat(manifest.tokensPerStep()).isEqualTo(524_288);
        assertThat(manifest.dataOrder()).isEqualTo("a");
        assertThat(manifest.labels()).containsEntry("team", "x");
        assertThat(manifest.paramsCount()).isEqualTo(ParameterCount.NON_EMBEDDING);
        assertThat(schedule(manifest).decayStartStep()).isEqualTo(15);
        assertThat(ManifestFacts.from(values("straightedge.metric.loss=my_loss"))
                        .columns())
                .containsEntry("loss", "my_loss");
    }

    private static Schedule schedule(RunManifest manifest) {
        return Objects.requireNonNull(manifest.schedule());
    }

    private static RunManifest manifest(String configuration) {
        return of(values(configuration));
    }

    private static RunManifest of(Map<String, String> values) {
        return ManifestFacts.from(values).manifest("s", "r", null);
    }

    private static Map<String, String> values(String configuration) {
        Map<String, String> values = new HashMap<>();
        for (String pair : configuration.strip().split(" ", -1)) {
            String[] halves = pair.split("=", 2);
            values.put(halves[0], halves[1]);
        }
        return values;
    }
}
