package io.straightedge.ingest.wandb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.source.Wire;
import io.straightedge.protocol.run.Outcome;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineTest {

    private static final Offline FORMAT = new Offline();

    @Test
    void checksum_ofTheKnownText_isThePublishedOneOfZip() {
        assertThat(OfflineFile.crc("123456789".getBytes(US_ASCII))).isEqualTo(0xcbf43926);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void read_history_givesPointsWithTheirCompany(int version) {
        byte[] file = new OfflineFile(version)
                .history(3, "train/loss", "2.5", "train/lr", "0.25", "train/grad_norm", "\"Infinity\"", "note", "\"x\"")
                .history(4, "train/loss", "NaN", "val/loss", "\"NaN\"")
                .done();
        List<Item.Point> points = Reading.points(FORMAT, file);
        assertThat(points.get(0))
                .isEqualTo(new Item.Point(
                        null,
                        "train",
                        3,
                        null,
                        null,
                        2.5,
                        0.25,
                        Double.POSITIVE_INFINITY,
                        null,
                        Instant.ofEpochMilli(1_700_000_003_500L)));
        assertThat(points).hasSize(3);
        assertThat(points.get(1).loss()).isNaN();
        assertThat(points.get(2).split()).isEqualTo("val");
        assertThat(points.get(2).loss()).isNaN();
    }

    @Test
    void read_stepInAMessageOfItsOwnAndPlainKeys_isRead() {
        Wire row = new Wire()
                .message(1, new Wire().text(1, "loss").text(16, "2.5"))
                .message(2, new Wire().varint(1, 7));
        assertThat(Reading.losses(Reading.items(
                        FORMAT,
                        new OfflineFile().record(new Wire().message(2, row)).done())))
                .containsExactly(new Reading.Loss(null, "train", 7, 2.5));
    }

    @Test
    void read_nestedNamesAndNestedJson_areTheSame() {
        Wire nested = new Wire()
                .message(1, new Wire().text(2, "train").text(2, "loss").text(16, "2.5"))
                .message(1, new Wire().text(2, "_step").text(16, "1"));
        byte[] file = new OfflineFile()
                .record(new Wire().message(2, nested))
                .history(2, "train", "{\"loss\": 2.25, \"other\": {\"x\": 1}}")
                .done();
        assertThat(Reading.losses(Reading.items(FORMAT, file)))
                .containsExactly(new Reading.Loss(null, "train", 1, 2.5), new Reading.Loss(null, "train", 2, 2.25));
    }

    @Test
    void read_stepOfTrainingBesideTheCountOfCalls_isTheStep() {
        byte[] file = new OfflineFile()
                .history(0, "train/loss", "3", "train/global_step", "10")
                .history(1, "eval/loss", "3.5", "train/global_step", "10")
                .history(2, "train/loss", "2", "train/global_step", "20")
                .history(3, "train/loss", "1")
                .done();
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(Reading.losses(items))
                .containsExactly(
                        new Reading.Loss(null, "train", 10, 3.0),
                        new Reading.Loss(null, "val", 10, 3.5),
                        new Reading.Loss(null, "train", 20, 2.0));
        assertThat(Reading.only(Item.Unreadable.class, items))
                .singleElement()
                .satisfies(unreadable -> assertThat(unreadable.reason()).contains("train/global_step is missing"));
    }

    @Test
    void read_stepThatTheUserNames_isObeyed() {
        byte[] file = new OfflineFile()
                .history(5, "train/loss", "3", "train/global_step", "10")
                .done();
        SourceOptions options = new SourceOptions(Map.of("step", "_step"), null);
        assertThat(Reading.losses(Reading.items(FORMAT, options, file)))
                .containsExactly(new Reading.Loss(null, "train", 5, 3.0));
    }

    @Test
    void read_configuration_isFlatWithoutItsWrapper() {
        Wire config = new Wire()
                .message(1, new Wire().text(1, "lr").text(16, "{\"value\": 0.25, \"desc\": null}"))
                .message(1, new Wire().text(1, "model").text(16, "{\"n_layer\": 12, \"norm\": {\"eps\": 1e-5}}"))
                .message(1, new Wire().text(2, "optim").text(2, "name").text(16, "\"adamw\""))
                .message(1, new Wire().text(1, "_wandb").text(16, "{\"t\": 1}"));
        Wire run = new Wire()
                .text(1, "abc123")
                .text(3, "ladder")
                .message(4, new Wire().message(1, new Wire().text(1, "seed").text(16, "7")))
                .text(8, "calm-river-3");
        byte[] file = new OfflineFile()
                .record(new Wire().message(17, run))
                .record(new Wire().message(5, config))
                .done();
        assertThat(Reading.items(FORMAT, file))
                .containsExactly(
                        new Item.Config(
                                null,
                                Map.of(
                                        "wandb.run_id",
                                        "abc123",
                                        "wandb.project",
                                        "ladder",
                                        "wandb.name",
                                        "calm-river-3",
                                        "seed",
                                        "7")),
                        new Item.Config(
                                null,
                                Map.of(
                                        "lr",
                                        "0.25",
                                        "model.n_layer",
                                        "12",
                                        "model.norm.eps",
                                        "1.0E-5",
                                        "optim.name",
                                        "adamw")));
    }

    @ParameterizedTest
    @CsvSource({"0, FINISHED", "1, FAILED", "254, FAILED", "255, KILLED"})
    void read_exit_endsTheRunAfterItsLosses(int code, Outcome outcome) {
        Wire exit = code == 0 ? new Wire() : new Wire().varint(1, code);
        byte[] file = new OfflineFile()
                .history(3, "loss", "2.5")
                .record(new Wire().message(18, exit))
                .done();
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(items).hasSize(2);
        assertThat(items.get(1)).isEqualTo(new Item.End(null, outcome, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 6, 7, 8, 20, 100})
    void read_blockWithAnyRoomLeft_goesOnInTheNext(int left) {
        OfflineFile file = new OfflineFile().history(1, "loss", "4").fillTo(32_768 - left);
        file.history(2, "loss", "3").history(3, "loss", "2");
        assertThat(Reading.losses(Reading.items(FORMAT, file.done())))
                .extracting(Reading.Loss::step)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void read_recordOverManyBlocks_isOne() {
        byte[] file = new OfflineFile()
                .history(1, "table", "\"" + "x".repeat(150_000) + "\"", "loss", "4")
                .history(2, "loss", "3")
                .done();
        assertThat(file.length).isGreaterThan(4 * 32_768);
        assertThat(Reading.losses(Reading.items(FORMAT, file)))
                .extracting(Reading.Loss::step)
                .containsExactly(1L, 2L);
        Reading.assertPiecesGiveTheSame(FORMAT, file);
    }

    @Test
    void read_wrongChecksum_leavesOutTheRestOfTheBlock() {
        OfflineFile writer = new OfflineFile().history(1, "loss", "4");
        int second = writer.size();
        writer.history(2, "loss", "3").fillTo(32_768 - 50);
        byte[] file = writer.history(3, "note", "\"" + "y".repeat(60) + "\"", "loss", "2")
                .history(4, "loss", "1")
                .done();
        file[second + 10] ^= 1;
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(Reading.losses(items)).extracting(Reading.Loss::step).containsExactly(1L, 4L);
        assertThat(Reading.only(Item.Unreadable.class, items)).singleElement().satisfies(unreadable -> {
            assertThat(unreadable.position()).isEqualTo(second);
            assertThat(unreadable.fatal()).isFalse();
        });
    }

    @Test
    void read_zeroesToTheEndOfTheBlock_arePassedOver() {
        OfflineFile writer = new OfflineFile().history(1, "loss", "4");
        byte[] begin = Reading.joined(writer.done(), new byte[32_768 - writer.size()]);
        byte[] next = new OfflineFile().history(2, "loss", "3").done();
        byte[] file = Reading.joined(begin, Arrays.copyOfRange(next, 7, next.length));
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(items).hasSize(2);
        assertThat(Reading.losses(items)).extracting(Reading.Loss::step).containsExactly(1L, 2L);
    }

    @Test
    void read_recordLargerThanTheLimit_isLeftOutAndTheNextIsRead() {
        byte[] file = new OfflineFile()
                .record(new byte[LogChunks.LARGEST_RECORD_BYTES + 1])
                .history(2, "loss", "3")
                .done();
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(items).hasSize(2);
        assertThat(items.get(0)).isInstanceOf(Item.Unreadable.class);
    }

    @Test
    void read_newerVersion_isFatal() {
        byte[] file = new OfflineFile(2).history(1, "loss", "3").done();
        assertThat(Reading.items(FORMAT, file)).singleElement().isInstanceOfSatisfying(Item.Unreadable.class, u -> {
            assertThat(u.fatal()).isTrue();
            assertThat(u.reason()).contains("version 2");
        });
    }

    @Test
    void read_chunkThatGrows_waits() {
        byte[] file = new OfflineFile().history(1, "loss", "3").done();
        SourceReader reader = FORMAT.open(SourceOptions.NONE);
        List<Item> items = new ArrayList<>();
        reader.read(ByteBuffer.wrap(file, 0, file.length - 1), items::add);
        assertThat(reader.incomplete()).isNotNull();
        reader.pause(items::add);
        assertThat(items).isEmpty();
        reader.read(ByteBuffer.wrap(file, file.length - 1, 1), items::add);
        assertThat(reader.incomplete()).isNull();
        reader.pause(items::add);
        assertThat(items).hasSize(1);
    }

    @Test
    void read_anyCutAndAnyPieces_giveNoWrongPoint() {
        Reading.assertEveryCutGivesABeginning(FORMAT, small());
        Reading.assertPiecesGiveTheSame(FORMAT, small());
    }

    @Test
    void read_mutatedFiles_areSurvived() {
        Reading.assertMutationsAreSurvived(FORMAT, small(), 2_000);
    }

    @Test
    void read_mutatedRecordsWithRightChecksums_areSurvived() {
        Random random = new Random(3);
        byte[] history = new Wire()
                .message(2, OfflineFile.row(1, "train", "{\"loss\": 2}", "loss", "1"))
                .done();
        byte[] config = new Wire()
                .message(5, new Wire().message(1, new Wire().text(1, "a").text(16, "{\"b\": [1]}")))
                .done();
        for (int i = 0; i < 2_000; i++) {
            byte[] file = new OfflineFile()
                    .record(Reading.mutated(history, random))
                    .record(Reading.mutated(config, random))
                    .history(2, "loss", "3")
                    .done();
            assertThat(Reading.items(FORMAT, file).size()).isBetween(1, 20);
        }
    }

    @Test
    void recognise_mark_isTold() {
        assertThat(FORMAT.recognise("run-x.wandb", small())).contains(":W&B");
        assertThat(FORMAT.recognise("run-x.wandb", new byte[6])).isNull();
        assertThat(FORMAT.recognise("run-x.wandb", new byte[100])).isNull();
    }

    private static byte[] small() {
        return new OfflineFile()
                .record(new Wire().message(17, new Wire().text(1, "abc")))
                .history(0, "loss", "4.25", "lr", "0.1")
                .history(1, "loss", "3.25", "val/loss", "3.5")
                .record(new Wire()
                        .message(
                                5, new Wire().message(1, new Wire().text(1, "a").text(16, "1"))))
                .history(2, "loss", "\"NaN\"")
                .record(new Wire().message(18, new Wire()))
                .done();
    }
}
