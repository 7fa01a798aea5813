package io.straightedge.ingest.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.watch.Formats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatsTest {

    static List<String> samples() {
        return List.copyOf(Samples.byFormat().keySet());
    }

    @Test
    void megatron_lines_givesLossesValidationAndHiddenNans() {
        List<Item> items = items("megatron", Samples.MEGATRON);
        assertThat(shown(items))
                .containsExactly(
                        "train 29040 2.768131 lr=9.849E-5 norm=0.251 samples=1.0718544E7 nan=0",
                        "train 29050 7.343709 lr=9.849E-5 norm=0.0 samples=1.0728784E7 nan=0",
                        "val 29050 2.3",
                        "train 29060 null lr=9.849E-5 norm=NaN samples=1.0739024E7 nan=3",
                        "train 29070 null lr=9.848E-5 samples=1.0749264E7 nan=5");
        assertThat(configuration(items))
                .containsEntry("global_batch_size", "1024")
                .containsEntry("seq_length", "2048")
                .containsEntry("lr_decay_style", "cosine")
                .containsEntry("train_iters", "311541");
        assertThat(Reading.only(Item.Unreadable.class, items)).isEmpty();
    }

    @Test
    void megatron_olderAndPrefixedLines_areRead() {
        assertThat(shown(items("megatron", """
                        [default7]: iteration     7010/  311541 | consumed samples: 672960 | consumed tokens: 1378222080 | elapsed time per iteration (s): 1.20 | learning rate: 6.000E-05 | global batch size:    96 | lm loss: 1.142026E+01 | grad norm: 219645.978 | num zeros: 0.0 | actual seqlen: 2048 | number of skipped iterations:   0 | number of nan iterations:   0 | samples per second: 80.0 | TFLOPs: 1.2 |
                        [default7]: validation loss at iteration 7010 on test set | lm loss value: 6.1E+00 | lm loss PPL: 4.4E+02 |
                        [default7]: iteration     7100/  311541 | elapsed time per iteration (ms): 500.2 | learning rate 1.000E-04 | lm loss 5.43E+00 | loss scale 65536.0 |
                        """)))
                .containsExactly(
                        "train 7010 11.42026 lr=6.0E-5 norm=219645.978 samples=672960.0 tokens=1.37822208E9 nan=0",
                        "test 7010 6.1",
                        "train 7100 5.43 lr=1.0E-4");
    }

    @Test
    void megatron_lineCutByAnother_isUnreadableAndNotFatal() {
        List<Item> items = items("megatron", """
                 iteration    29040/  311541 | consumed samples: 10718544 | lm loss: 2.76 iteration | number of nan iterations: 0 |
                 | consumed samples: 10718544 | iteration lm loss: 2.76 |
                 iteration    29050/  311541 | consumed samples: 10728784 | lm loss: 2.7E+00 |
                """);
        assertThat(Reading.only(Item.Unreadable.class, items))
                .hasSize(2)
                .allSatisfy(unreadable -> assertThat(unreadable.fatal()).isFalse())
                .extracting(Item.Unreadable::position)
                .containsExactly(0L, 116L);
        assertThat(shown(items)).containsExactly("train 29050 2.7 samples=1.0728784E7");
    }

    @Test
    void nemo_lines_givesLosses() {
        assertThat(shown(items("nemo", Samples.NEMO)))
                .containsExactly(
                        "train 9 11.03 lr=2.699E-6 samples=5120.0",
                        "train 19 10.51 lr=5.699E-6 samples=10240.0",
                        "val 19 10.55 lr=5.699E-6 samples=10240.0");
    }

    @Test
    void nemo_prefixedLines_giveAValidationLossOnce() {
        assertThat(shown(items("nemo", """
                        [2025-11-20T14:55:23+08:00] retraining/0 Training epoch 0, iteration 28/99 | lr: 5.6e-06 | global_batch_size: 32 | global_step: 28 | reduced_train_loss: 2.778 | consumed_samples: 928 | val_loss: 2.861 | val_ppl: 17.57
                        [2025-11-20T14:55:35+08:00] retraining/0 Training epoch 0, iteration 29/99 | lr: 5.8e-06 | global_batch_size: 32 | global_step: 29 | reduced_train_loss: 2.782 | consumed_samples: 960 | val_loss: 2.861 | val_ppl: 17.57
                        """)))
                .containsExactly(
                        "train 28 2.778 lr=5.6E-6 samples=928.0 time=2025-11-20T06:55:23Z",
                        "val 28 2.861 lr=5.6E-6 samples=928.0 time=2025-11-20T06:55:23Z",
                        "train 29 2.782 lr=5.8E-6 samples=960.0 time=2025-11-20T06:55:35Z");
    }

    @Test
    void nemo_runningMeanOfTheBar_isNotTheLoss() {
        assertThat(
                        shown(
                                items(
                                        "nemo",
                                        "Epoch 0:   0%|          | 189/301501 [59:12<1573:03:24, 18.79s/it, loss=7.75, v_num=3-16,"
                                                + " reduced_train_loss=7.560, global_step=188.0, consumed_samples=24064.0][NeMo I x]\n")))
                .containsExactly("train 188 7.56 samples=24064.0");
    }

    @Test
    void megatron_validationOnNamedSets_areSplitsOfTheirOwn() {
        assertThat(shown(items(
                        "megatron", "0: validation loss at iteration 238 [hplt] | lm loss value: 1.262000E+00 |\n")))
                .containsExactly("val/hplt 238 1.262");
    }

    @Test
    void nemo_barDrawnAgain_givesEachStepOnceAndNewValidationsOnly() {
        assertThat(shown(items("nemo", Samples.NEMO_BAR)))
                .containsExactly(
                        "train 119 2.41 samples=480.0",
                        "train 120 2.4 samples=484.0",
                        "val 120 2.5 samples=484.0",
                        "train 121 2.39");
    }

    @Test
    void nemo_roundedStepOfBar_isUnreadable() {
        List<Item> items = items("nemo", "Epoch 0: 1%| | 1/2 [00:01, reduced_train_loss=2.4, global_step=1.23e+5]\n");
        assertThat(items).singleElement().isInstanceOf(Item.Unreadable.class);
    }

    @Test
    void torchtitan_colouredLinesOfTwoRanks_givesEachLossOnce() {
        List<Item> items = items("torchtitan", Samples.TORCHTITAN);
        assertThat(shown(items))
                .containsExactly("train 1 12.2345 norm=4.1234", "train 10 7.12345 norm=1.2345", "val 10 7.2");
        assertThat(configuration(items))
                .containsEntry("training.steps", "1000")
                .containsEntry("training.seq_len", "8192")
                .containsEntry("training.global_batch_size", "64")
                .containsEntry("lr_scheduler.warmup_steps", "200")
                .containsEntry("num_parameters", "8030261248");
    }

    @Test
    void olmoCore_blocks_givesLossesWithTimeAndTokens() {
        List<Item> items = items("olmo-core", Samples.OLMO_CORE);
        assertThat(shown(items))
                .containsExactly(
                        "train 110 2.513 lr=1.2E-4 norm=0.4512 tokens=1.1534336E8 time=2026-01-02T03:04:05.678Z",
                        "train 120 2.413 time=2026-01-02T03:05:05.678Z",
                        "val/c4_en-validation 120 2.7 time=2026-01-02T03:05:05.678Z");
        assertThat(configuration(items)).containsEntry("max_steps", "5000");
    }

    @Test
    void olmoCore_pauseWithinBlock_givesWhatIsThere() {
        var reader = Formats.named("olmo-core").open(SourceOptions.NONE);
        List<Item> items = new ArrayList<>();
        reader.read(
                java.nio.ByteBuffer.wrap("[step=5/10,epoch=1]\n    train/CE loss=2.4\n".getBytes(UTF_8)), items::add);
        assertThat(shown(items)).isEmpty();
        reader.pause(items::add);
        assertThat(shown(items)).containsExactly("train 5 2.4");
    }

    @Test
    void llmc_mainLog_givesLosses() {
        assertThat(shown(items("llmc-log", Samples.LLMC_LOG)))
                .containsExactly(
                        "val 0 11.0092",
                        "train 0 11.01 lr=1.0E-6 norm=15.37",
                        "train 1991 3.9052 lr=5.93E-4 norm=0.29",
                        "val 2000 3.899");
    }

    @Test
    void llmc_console_givesValidationTheStepItWasTakenAt() {
        List<Item> items = items("llmc-console", Samples.LLMC_CONSOLE);
        assertThat(shown(items))
                .containsExactly(
                        "val 0 11.0092",
                        "train 1 11.009436 lr=8.57E-7 norm=15.3662",
                        "train 2 10.955029 lr=1.71E-6 norm=15.1",
                        "val 2 10.95",
                        "train 3 10.9 lr=2.57E-6 norm=15.0",
                        "val 3 10.89");
        assertThat(configuration(items))
                .containsEntry("max_steps", "3")
                .containsEntry("seq_len", "1024")
                .containsEntry("num_parameters", "124475904")
                .containsEntry("learning_rate", "6.000000e-04");
    }

    @Test
    void moddedNanogpt_lines_givesLossesOfOneRank() {
        List<Item> items = items("modded-nanogpt", Samples.MODDED_NANOGPT);
        assertThat(shown(items))
                .containsExactly("val 0 10.8258", "train 1 10.8259", "train 4996 3.0134", "val 5000 3.2512");
        assertThat(configuration(items))
                .containsEntry("max_steps", "20344")
                .containsEntry("straightedge.lossReduction", "rank-local");
    }

    @Test
    void moddedNanogpt_sourceAtTheHead_givesItAway() {
        String head = "import os\n    print0(f\"step:{step}/{args.num_iterations} val_loss:{val_loss:.4f}\")\n";
        assertThat(recognised(head.getBytes(UTF_8))).isEqualTo("modded-nanogpt");
    }

    @Test
    void buildNanogpt_consoleAndLog_givesLosses() {
        assertThat(shown(items("build-nanogpt", Samples.BUILD_NANOGPT)))
                .containsExactly(
                        "val 0 10.9504",
                        "train 0 10.955029 lr=8.3916E-7 norm=15.3662",
                        "train 10 3.123456 lr=6.0E-4 norm=0.29",
                        "val 11 3.2",
                        "train 11 3.11 lr=6.0E-4 norm=0.28");
        assertThat(shown(items("build-nanogpt", Samples.BUILD_NANOGPT_LOG)))
                .containsExactly("val 0 10.9504", "train 0 10.955029", "val 250 5.9123", "train 250 5.901234");
    }

    @Test
    void nanogpt_lines_keepsTheEstimateApartFromTheStepsLoss() {
        List<Item> items = items("nanogpt", Samples.NANOGPT);
        assertThat(shown(items))
                .containsExactly(
                        "train-eval 0 10.9894",
                        "val 0 10.9886",
                        "train 0 10.9905",
                        "train 10 9.1234",
                        "train-eval 1000 3.1",
                        "val 1000 3.2",
                        "train 1000 3.1234");
        assertThat(configuration(items))
                .containsEntry("max_iters", "600000")
                .containsEntry("tokens_per_iter", "491520");
    }

    @Test
    void hfConsole_lossesBetweenBars_haveTheStepOfTheNextBar() {
        List<Item> items = items("hf-console", Samples.HF_CONSOLE);
        assertThat(shown(items))
                .containsExactly("train 10 2.41 lr=9.9E-5 norm=1.25", "train 20 2.31 lr=9.8E-5 norm=NaN");
        assertThat(configuration(items)).containsEntry("max_steps", "300");
    }

    @Test
    void hfConsole_heapOfLosses_isUnreadable() {
        List<Item> items = items("hf-console", """
                  0%|          | 0/300 [00:00<?, ?it/s]
                {'loss': 2.41, 'learning_rate': 9.9e-05, 'epoch': 0.1}
                {'loss': 2.31, 'learning_rate': 9.8e-05, 'epoch': 0.2}
                  6%|6         | 20/300 [00:20<04:40,  1.00it/s]
                """);
        assertThat(items)
                .singleElement()
                .isInstanceOfSatisfying(
                        Item.Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).contains("PYTHONUNBUFFERED"));
    }

    @Test
    void pattern_namedGroups_areRead() {
        SourceOptions options = new SourceOptions(
                Map.of(),
                Pattern.compile(
                        "it=(?<step>\\d+) (?<split>train|dev) L=(?<loss>\\S+)(?: lr=(?<lr>\\S+))?(?: tok=(?<tokens>\\S+))?"));
        List<Item> items = Reading.items(
                Formats.named("pattern"),
                options,
                "x it=1 train L=2.5 lr=1e-3 tok=1,024\nnoise\nit=2 dev L=nan\nit=3 train L=oops\n".getBytes(UTF_8));
        assertThat(shown(items)).containsExactly("train 1 2.5 lr=0.001 tokens=1024.0", "dev 2 NaN");
        assertThat(Reading.only(Item.Unreadable.class, items)).hasSize(1);
    }

    @Test
    void pattern_withoutGroups_saysWhatToWrite() {
        Format format = Formats.named("pattern");
        assertThatThrownBy(() -> format.open(SourceOptions.NONE)).hasMessageContaining("(?<step>");
        SourceOptions unnamed = new SourceOptions(Map.of(), Pattern.compile("(\\d+)"));
        assertThatThrownBy(() -> format.open(unnamed)).hasMessageContaining("(?<loss>");
    }

    @Test
    void pattern_thatNeverEnds_isGivenUpForTheLine() {
        SourceOptions options = new SourceOptions(Map.of(), Pattern.compile("(?<step>\\d+)(?<loss>(a+)+)+b|(x+x+)+y"));
        String line = "x".repeat(40) + "\n1aaa" + "a".repeat(40) + "\n";
        assertThat(Reading.items(Formats.named("pattern"), options, line.getBytes(UTF_8)))
                .isNotEmpty()
                .allSatisfy(item -> assertThat(item).isInstanceOf(Item.Unreadable.class));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void recognise_sample_isItsFormat(String sample) {
        assertThat(recognised(bytes(sample))).isEqualTo(format(sample));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void recognise_sample_isNoOtherFormat(String sample) {
        assertThat(Formats.ALL.stream()
                        .filter(format -> format.recognise("run.log", bytes(sample)) != null)
                        .map(Format::name))
                .containsExactly(format(sample));
    }

    @Test
    void recognise_prose_isNothing() {
        String prose = "iteration | loss\nstep: the loss: is high\nval loss of 3\nStarting training\niter 10\n";
        assertThat(Formats.recognise("notes.txt", prose.getBytes(UTF_8))).isNull();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_cutAtAnyByte_givesABeginning(String sample) {
        Reading.assertEveryCutGivesABeginning(Formats.named(format(sample)), bytes(sample));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_anyPiecesAndPauses_givesTheSame(String sample) {
        Reading.assertPiecesGiveTheSame(Formats.named(format(sample)), bytes(sample));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_mutations_areSurvived(String sample) {
        Reading.assertMutationsAreSurvived(Formats.named(format(sample)), bytes(sample), 300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nemo",
                "torchtitan",
                "llmc-log",
                "llmc-console",
                "modded-nanogpt",
                "build-nanogpt",
                "build-nanogpt log",
                "nanogpt",
                "hf-console"
            })
    void read_logAppendedToItself_isTwoRunsOfTheSameLosses(String sample) {
        Format format = Formats.named(format(sample));
        byte[] twice = Reading.joined(bytes(sample), bytes(sample));
        List<Reading.Loss> once = Reading.losses(Reading.items(format, bytes(sample)));
        List<Reading.Loss> again = once.stream()
                .map(loss -> new Reading.Loss("#2", loss.split(), loss.step(), loss.loss()))
                .toList();
        assertThat(Reading.losses(Reading.items(format, twice)))
                .isEqualTo(Stream.concat(once.stream(), again.stream()).toList());
        Reading.assertPiecesGiveTheSame(format, twice);
    }

    @Test
    void read_longHostileLines_takesNoLong() {
        List<String> hostile = List.of(
                " iteration " + "1".repeat(60_000) + "/ |lm loss:",
                " iteration 1/ 1 |" + "| ".repeat(30_000),
                "validation loss at iteration 1 |" + "lm loss value:".repeat(4_000) + "|",
                " validation loss at iteration".repeat(2_000) + "|",
                "reduced_train_loss=" + "global_step, ".repeat(4_000),
                "step: ".repeat(10_000) + "loss:",
                "step:" + " ".repeat(60_000) + "loss:",
                "[step=" + "1,".repeat(30_000) + ",epoch=",
                "1%|" + "|".repeat(60_000),
                "{'loss': 'epoch':" + ", ".repeat(30_000),
                "[step=1,epoch=1]\n    " + "a".repeat(60_000),
                "[step=1,epoch=1]\n  " + "a=".repeat(30_000),
                "s:1 trl:" + "9".repeat(60_000),
                "step 1/1 | loss " + "(".repeat(60_000),
                "| " + "a ".repeat(30_000) + "|",
                "step:1/1 train_loss:" + "1".repeat(60_000),
                "step:1/".repeat(8_000) + "_loss:",
                "step 1 | loss: " + "1 | lr ".repeat(8_000),
                "1".repeat(60_000) + " train ",
                "iter 1: loss " + ".".repeat(60_000),
                "Overriding: " + "a".repeat(60_000),
                "\u001B[" + "0;".repeat(30_000),
                "\u001B]".repeat(30_000),
                "sequence length local batch size " + "1".repeat(60_000),
                "-- arguments --\n" + "a .".repeat(20_000),
                "-- arguments --\n  a " + ".".repeat(60_000),
                "2026-01-02 ".repeat(5_000) + "step: 1  loss: 1");
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (Format format : TextFormats.ALL) {
                if (format.name().equals("pattern")) {
                    continue;
                }
                for (String line : hostile) {
                    byte[] bytes = (line + "\n").getBytes(UTF_8);
                    assertThat(format.recognise("run.log", bytes))
                            .satisfiesAnyOf(
                                    because -> assertThat(because).isNull(),
                                    because -> assertThat(because).hasSizeLessThan(300));
                    Reading.items(format, bytes);
                }
            }
        });
    }

    private static byte[] bytes(String sample) {
        return java.util.Objects.requireNonNull(Samples.byFormat().get(sample));
    }

    private static String format(String sample) {
        return sample.split(" ", 2)[0];
    }

    private static @Nullable String recognised(byte[] head) {
        Formats.Recognised recognised = Formats.recognise("run.log", head);
        return recognised == null ? null : recognised.format().name();
    }

    private static List<Item> items(String format, String text) {
        return Reading.items(Formats.named(format), text.getBytes(UTF_8));
    }

    private static Map<String, String> configuration(List<Item> items) {
        List<Item.Config> configurations = Reading.only(Item.Config.class, items);
        return configurations.get(configurations.size() - 1).values();
    }

    private static List<String> shown(List<Item> items) {
        return Reading.only(Item.Point.class, items).stream()
                .map(point -> String.format(Locale.ROOT, "%s %d %s", point.split(), point.step(), point.loss())
                        + field(" lr=", point.lr())
                        + field(" norm=", point.gradNorm())
                        + field(" samples=", point.samples())
                        + field(" tokens=", point.tokens())
                        + field(" nan=", point.nanIterations())
                        + field(" time=", point.time()))
                .toList();
    }

    private static String field(String name, @Nullable Object value) {
        return value == null ? "" : name + value;
    }
}
