package io.straightedge.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.watch.Formats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileFormatsTest {

    private static final String TRAINER_STATE = """
            {
              "best_metric": null,
              "global_step": 30,
              "is_world_process_zero": true,
              "log_history": [
                {"epoch": 0.1, "grad_norm": 4.5, "learning_rate": 4.9e-05, "loss": 4.51, "num_input_tokens_seen": 0, "step": 10},
                {"epoch": 0.2, "grad_norm": NaN, "learning_rate": 4.8e-05, "loss": 0.0, "num_input_tokens_seen": 81920, "step": 20},
                {"epoch": 0.2, "eval_loss": 4.2, "eval_runtime": 3.0, "step": 20},
                {"epoch": 0.2, "eval_c4_loss": 4.1, "eval_runtime": 3.0, "step": 20},
                {"epoch": 0.3, "loss": NaN, "step": 30},
                {"epoch": 0.3, "step": 30, "total_flos": 1.4e15, "train_loss": 3.2, "train_runtime": 277.2}
              ],
              "logging_steps": 10,
              "max_steps": 30,
              "num_train_epochs": 1,
              "train_batch_size": 8
            }
            """;

    private static final String TRAINER_LOG = """
            {"current_steps": 10, "total_steps": 300, "loss": 2.41, "lr": 9.9e-05, "epoch": 0.1, "percentage": 3.33, "elapsed_time": "0:00:10", "remaining_time": "0:04:50", "throughput": 8192.5, "total_tokens": 81920}
            {"current_steps": 20, "total_steps": 300, "loss": 2.31, "learning_rate": 9.8e-05, "epoch": 0.2, "total_tokens": 0}
            {"current_steps": 20, "total_steps": 300, "eval_loss": 2.35, "epoch": 0.2}
            {"current_steps": 300, "total_steps": 300, "epoch": 3.0, "percentage": 100.0}
            """;

    private static final String LIGHTNING = """
            epoch,lr-AdamW,step,train_loss_epoch,train_loss_step,val_loss
            ,0.001,49,,,
            0,,49,,9.44,
            ,0.0009,99,,,
            0,,99,,9.03,
            0,,99,,,9.1
            0,,99,9.2,,
            1,,149,,8.7,
            """;

    private static final String CURVES = """
            family,run,params,step,tokens,flops,lr,loss,split
            a,small,124000000,10,1000,,1e-3,3.5,train
            a,small,124000000,10,1000,,1e-3,3.6,val
            a,large,1300000000,10,1000,,1e-3,3.2,train
            a,small,124000000,20,2000,,,nan,train
            a,large,1300000000,20,2000,,,3.1,train
            """;

    private static final String JSON_LINES = """
            {"step": 1, "train": {"loss": 3.5, "lr": 0.001}, "time": "2026-01-02T03:04:05Z"}
            {"step": 2, "train": {"loss": NaN, "lr": 0.002}, "_timestamp": 1767323045.5}
            {"step": 2, "val_loss": 3.6}
            """;

    private static Map<String, byte[]> all() {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("hf-trainer-state", TRAINER_STATE.getBytes(UTF_8));
        samples.put("llamafactory-log", TRAINER_LOG.getBytes(UTF_8));
        samples.put("lightning-csv", LIGHTNING.getBytes(UTF_8));
        samples.put("csv", CURVES.getBytes(UTF_8));
        samples.put("jsonl", JSON_LINES.getBytes(UTF_8));
        return samples;
    }

    static List<String> formats() {
        return List.copyOf(all().keySet());
    }

    @Test
    void trainerState_rows_givesLossesAndSettings() {
        List<Item> items = items("hf-trainer-state", TRAINER_STATE);
        assertThat(shown(items))
                .containsExactly(
                        "train 10 4.51 lr=4.9E-5 norm=4.5",
                        "train 20 0.0 lr=4.8E-5 norm=NaN tokens=81920.0",
                        "val 20 4.2 lr=4.8E-5 norm=NaN tokens=81920.0",
                        "val/c4 20 4.1 lr=4.8E-5 norm=NaN tokens=81920.0",
                        "train 30 NaN");
        assertThat(Reading.only(Item.Config.class, items))
                .singleElement()
                .satisfies(config -> assertThat(config.values())
                        .containsEntry("max_steps", "30")
                        .containsEntry("train_batch_size", "8")
                        .containsEntry("logging_steps", "10"));
    }

    @Test
    void trainerState_halfOfIt_isIncompleteAndGivesNothing() {
        var reader = Formats.named("hf-trainer-state").open(SourceOptions.NONE);
        byte[] half = Arrays.copyOf(TRAINER_STATE.getBytes(UTF_8), 600);
        List<Item> items = new java.util.ArrayList<>();
        reader.read(java.nio.ByteBuffer.wrap(half), items::add);
        reader.end(items::add);
        assertThat(items).isEmpty();
        assertThat(reader.incomplete()).isEqualTo("JSON that is not complete");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "chatglm_lora_10k, 1000, 0",
        "qlora_loss_collapsed_to_zero, 100, 99",
        "qlora_lr5_diverged, 10, 0"
    })
    void trainerState_realFile_givesAllItsLosses(String name, int losses, int zeros) {
        byte[] bytes = Reading.bytes("formats/hf/" + name + ".trainer_state.json");
        assertThat(recognised("trainer_state.json", bytes)).isEqualTo("hf-trainer-state");
        List<Item.Point> points = Reading.points(Formats.named("hf-trainer-state"), bytes);
        assertThat(points).hasSize(losses);
        assertThat(points).hasSize(new String(bytes, UTF_8).split("\"loss\":", -1).length - 1);
        assertThat(points.stream().filter(point -> Objects.equals(point.loss(), 0.0)))
                .hasSize(zeros);
        assertThat(points).extracting(Item.Point::step).isSorted();
    }

    @Test
    void trainerLog_rows_givesLossesAndPlannedSteps() {
        List<Item> items = items("llamafactory-log", TRAINER_LOG);
        assertThat(shown(items))
                .containsExactly("train 10 2.41 lr=9.9E-5 tokens=81920.0", "train 20 2.31", "val 20 2.35");
        assertThat(Reading.only(Item.Config.class, items))
                .singleElement()
                .satisfies(config -> assertThat(config.values()).containsEntry("max_steps", "300"));
    }

    @Test
    void lightning_sparseRows_joinsLearningRatesAndKeepsSplits() {
        assertThat(shown(items("lightning-csv", LIGHTNING)))
                .containsExactly(
                        "train 49 9.44 lr=0.001", "train 99 9.03 lr=9.0E-4", "val 99 9.1 lr=9.0E-4", "train 149 8.7");
    }

    @Test
    void lightning_onlyMeansOverEpochs_areTheTrainLoss() {
        assertThat(shown(items("lightning-csv", "epoch,step,train_loss_epoch\n0,99,9.2\n1,199,8.7\n")))
                .containsExactly("train 99 9.2", "train 199 8.7");
    }

    @Test
    void lightning_realFile_givesAllItsRows() {
        byte[] bytes = Reading.bytes("formats/lightning_metrics.csv");
        assertThat(recognised("metrics.csv", bytes)).isEqualTo("lightning-csv");
        List<Item.Point> points = Reading.points(Formats.named("lightning-csv"), bytes);
        List<String> rows = new String(bytes, UTF_8).lines().skip(1).toList();
        assertThat(points).hasSize(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = rows.get(i).split(",", -1);
            assertThat(points.get(i).step()).isEqualTo(Long.parseLong(cells[1]));
            assertThat(points.get(i).loss()).isEqualTo(Double.parseDouble(cells[2]));
        }
    }

    @Test
    void csv_curves_givesRunsWithTheirSizes() {
        List<Item> items = items("csv", CURVES);
        assertThat(shown(items))
                .containsExactly(
                        "small train 10 3.5 lr=0.001 tokens=1000.0",
                        "small val 10 3.6 lr=0.001 tokens=1000.0",
                        "large train 10 3.2 lr=0.001 tokens=1000.0",
                        "small train 20 NaN tokens=2000.0",
                        "large train 20 3.1 tokens=2000.0");
        assertThat(Reading.only(Item.Config.class, items))
                .extracting(Item.Config::run, config -> config.values().get("straightedge.params"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("small", "124000000"),
                        org.assertj.core.groups.Tuple.tuple("large", "1300000000"));
    }

    @Test
    void csv_realCurves_givesEveryStepOfEveryRunOnce() throws IOException {
        byte[] bytes;
        try (InputStream packed = Files.newInputStream(Reading.file("nanogpt_speedrun/train_curves.csv.gz"));
                InputStream unpacked = new GZIPInputStream(packed)) {
            bytes = unpacked.readAllBytes();
        }
        assertThat(recognised("train_curves.csv", bytes)).isEqualTo("csv");
        // One of the runs logs two evaluations a step under one name; the first stays.
        Map<String, Long> counted = new String(bytes, UTF_8)
                .lines()
                .skip(1)
                .map(row -> row.split(",", -1))
                .map(cells -> List.of(cells[1], cells[3], cells[8]))
                .distinct()
                .collect(Collectors.groupingBy(cells -> cells.get(0), Collectors.counting()));
        Map<String, Long> read = Reading.points(Formats.named("csv"), bytes).stream()
                .collect(Collectors.groupingBy(point -> String.valueOf(point.run()), Collectors.counting()));
        assertThat(read).isEqualTo(counted).hasSizeGreaterThan(5);
    }

    @Test
    void csv_sizeThatIsNone_isLeftOut() {
        List<Item> items = items("csv", "run,params,step,loss\na,0,1,2\na,,2,2\na,nan,3,2\na,5e6,4,2\n");
        assertThat(shown(items)).hasSize(4);
        assertThat(Reading.only(Item.Config.class, items))
                .extracting(Item.Config::values)
                .containsExactly(Map.of("straightedge.params", "5e6"));
    }

    @Test
    void csv_splitsOneAfterTheOther_areOneRun() {
        assertThat(shown(items("csv", "step,loss,split\n0,3,train\n10,2,train\n0,3.1,validation\n10,2.1,validation\n")))
                .containsExactly("train 0 3.0", "train 10 2.0", "val 0 3.1", "val 10 2.1");
    }

    @Test
    void csv_appendedRuns_areSplit() {
        assertThat(shown(items("csv", "step,loss\n1,3\n2,2\n3,1\n2,2\n3,1\nstep,loss\n1,4\n2,3\n")))
                .containsExactly(
                        "train 1 3.0",
                        "train 2 2.0",
                        "train 3 1.0",
                        "train 2 2.0",
                        "train 3 1.0",
                        "#2 train 1 4.0",
                        "#2 train 2 3.0");
    }

    @Test
    void csv_columnsOfTheUsersOwn_areRead() {
        SourceOptions options =
                new SourceOptions(Map.of("step", "it", "loss", "nll", "loss:test", "nll_test", "run", "id"), null);
        assertThat(shown(Reading.items(
                        Formats.named("csv"), options, "id,it,nll,nll_test,loss\na,1,2.5,2.6,9\n".getBytes(UTF_8))))
                .containsExactly("a train 1 2.5", "a test 1 2.6");
    }

    @Test
    void csv_headerWithoutLosses_isFatalAndSaysWhatToDo() {
        assertThat(items("csv", "step,tokens\n1,2\n"))
                .singleElement()
                .isInstanceOfSatisfying(Item.Unreadable.class, unreadable -> {
                    assertThat(unreadable.fatal()).isTrue();
                    assertThat(unreadable.reason()).contains("no column of losses");
                });
    }

    @Test
    void csv_rowsThatCannotBeRead_areReportedAndSkipped() {
        List<Item> items = items("csv", "step,loss\n1,2\n2\n3,oops\n1.5,2\n4,None\n5,1\n");
        assertThat(shown(items)).containsExactly("train 1 2.0", "train 5 1.0");
        assertThat(Reading.only(Item.Unreadable.class, items))
                .extracting(Item.Unreadable::position)
                .containsExactly(14L, 16L, 23L);
    }

    @Test
    void jsonLines_nestedNames_areRead() {
        assertThat(shown(items("jsonl", JSON_LINES)))
                .containsExactly(
                        "train 1 3.5 lr=0.001 time=2026-01-02T03:04:05Z",
                        "train 2 NaN lr=0.002 time=2026-01-02T03:04:05.500Z",
                        "val 2 3.6 lr=0.002 time=2026-01-02T03:04:05.500Z");
    }

    @Test
    void jsonLines_brokenLine_isReportedAndSkipped() {
        List<Item> items =
                items("jsonl", "{\"step\":1,\"loss\":2}\n{\"step\":2,\"lo\n# note\n{\"step\":3,\"loss\":1}\n");
        assertThat(shown(items)).containsExactly("train 1 2.0", "train 3 1.0");
        assertThat(Reading.only(Item.Unreadable.class, items))
                .extracting(Item.Unreadable::position)
                .containsExactly(20L);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void recognise_sample_isItsFormat(String format) {
        assertThat(recognised("log", bytes(format))).isEqualTo(format);
    }

    @Test
    void recognise_othersFiles_areNone() {
        for (String text : List.of(
                "family,run,params,tokens,flops,loss\na,b,1,2,3,4\n",
                "{\"model\": \"x\", \"lr\": 1}\n",
                "{\n  \"step\": 1,\n  \"loss\": 2\n}\n",
                "step\n1\n",
                "name,value\nloss,1\n",
                "step,loss",
                "")) {
            assertThat(Formats.recognise("file", text.getBytes(UTF_8))).as(text).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "formats/wandb_export.csv",
                "formats/wandb_export_k2.csv",
                "formats/losscast/nanochat_d12_1B_mlr0.01_wd0.05_wr0.2/losses.json",
                "formats/losscast/nanochat_d12_1B_mlr0.01_wd0.05_wr0.2/config.json",
                "formats/tensorboard_simple_value/events.out.tfevents.1585769947.cvp"
            })
    void recognise_realFilesOfOtherKinds_areNotTaken(String name) {
        assertThat(recognised(name.substring(name.lastIndexOf('/') + 1), Reading.bytes(name)))
                .isNotIn("hf-trainer-state", "llamafactory-log", "lightning-csv", "csv", "jsonl");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_cutAtAnyByte_givesABeginning(String format) {
        if (!format.equals("lightning-csv")) {
            Reading.assertEveryCutGivesABeginning(Formats.named(format), bytes(format));
            return;
        }
        List<Reading.Loss> whole = Reading.losses(Reading.items(Formats.named(format), bytes(format)));
        for (int cut = 0; cut < bytes(format).length; cut++) {
            byte[] beginning = Arrays.copyOf(bytes(format), cut);
            List<Reading.Loss> some = Reading.losses(Reading.items(Formats.named(format), beginning));
            assertThat(some).isEqualTo(whole.subList(0, some.size()));
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_anyPiecesAndPauses_givesTheSame(String format) {
        Reading.assertPiecesGiveTheSame(Formats.named(format), bytes(format));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void read_mutations_areSurvived(String format) {
        Reading.assertMutationsAreSurvived(Formats.named(format), bytes(format), 500);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void recognise_mutations_areSurvived(String format) {
        java.util.Random random = new java.util.Random(11);
        for (int i = 0; i < 200; i++) {
            byte[] head = Reading.mutated(bytes(format), random);
            for (Format each : Formats.ALL) {
                each.recognise("file", head);
            }
        }
    }

    private static byte[] bytes(String format) {
        return Objects.requireNonNull(all().get(format));
    }

    private static @Nullable String recognised(String fileName, byte[] bytes) {
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, Format.HEAD_BYTES));
        Formats.Recognised recognised = Formats.recognise(fileName, head);
        return recognised == null ? null : recognised.format().name();
    }

    private static List<Item> items(String format, String text) {
        return Reading.items(Formats.named(format), text.getBytes(UTF_8));
    }

    private static List<String> shown(List<Item> items) {
        return Reading.only(Item.Point.class, items).stream()
                .map(point -> (point.run() == null ? "" : point.run() + " ")
                        + String.format(Locale.ROOT, "%s %d %s", point.split(), point.step(), point.loss())
                        + field(" lr=", point.lr())
                        + field(" norm=", point.gradNorm())
                        + field(" tokens=", point.tokens())
                        + field(" time=", point.time()))
                .toList();
    }

    private static String field(String name, @Nullable Object value) {
        return value == null ? "" : name + value;
    }
}
