package io.straightedge.ingest.tensorboard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Reading;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.ingest.source.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorBoardTest {

    private static final TensorBoard FORMAT = new TensorBoard();

    @Test
    void checksum_ofTheKnownText_isThePublishedOne() {
        // RFC 3720, B.4 gives 0xe3069283 for these nine bytes; rotated by 15 and shifted this is what the file holds.
        byte[] bytes = "123456789".getBytes(US_ASCII);
        assertThat(MaskedChecksum.of(bytes, 0, 9))
                .isEqualTo(Integer.rotateRight(0xe3069283, 15) + 0xa282ead8)
                .isEqualTo(EventFile.masked(bytes));
    }

    @Test
    void read_simpleValues_giveOnePointAStepWithItsCompany() {
        byte[] file = new EventFile()
                .simple(10, "train/loss", 2.5)
                .simple(10, "train/learning_rate", 0.25)
                .simple(10, "train/grad_norm", 1.5)
                .simple(10, "train/epoch", 0.1)
                .simple(20, "train/loss", Double.NaN)
                .simple(20, "eval/loss", 3.0)
                .done();
        List<Item.Point> points = Reading.points(FORMAT, file);
        assertThat(points).hasSize(3);
        assertThat(points.get(0))
                .isEqualTo(new Item.Point(
                        null, "train", 10, null, null, 2.5, 0.25, 1.5, null, Instant.ofEpochSecond(1_700_000_010)));
        assertThat(points.get(1).loss()).isNaN();
        assertThat(points.get(2).split()).isEqualTo("val");
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                Arguments.of("float_val", new Wire().varint(1, 1).fixed32(5, 2.5f), 2.5),
                Arguments.of(
                        "packed float_val",
                        new Wire()
                                .varint(1, 1)
                                .bytes(5, little(4).putFloat(2.5f).array()),
                        2.5),
                Arguments.of("double_val", new Wire().varint(1, 2).fixed64(6, 2.1), 2.1),
                Arguments.of(
                        "float content",
                        new Wire()
                                .varint(1, 1)
                                .bytes(4, little(4).putFloat(2.5f).array()),
                        2.5),
                Arguments.of(
                        "double content",
                        new Wire()
                                .varint(1, 2)
                                .bytes(4, little(8).putDouble(2.1).array()),
                        2.1),
                Arguments.of("half", new Wire().varint(1, 19).varint(13, 0x4100), 2.5),
                Arguments.of("half content", new Wire().varint(1, 19).bytes(4, new byte[] {0x00, 0x41}), 2.5),
                Arguments.of("subnormal half", new Wire().varint(1, 19).varint(13, 0x8001), -0x1p-24),
                Arguments.of("infinite half", new Wire().varint(1, 19).varint(13, 0x7c00), Double.POSITIVE_INFINITY),
                Arguments.of("bfloat16", new Wire().varint(1, 14).varint(13, 0x4020), 2.5),
                Arguments.of("bfloat16 content", new Wire().varint(1, 14).bytes(4, new byte[] {0x20, 0x40}), 2.5),
                Arguments.of("int32", new Wire().varint(1, 3).varint(7, 3), 3.0),
                Arguments.of(
                        "int64 content",
                        new Wire().varint(1, 9).bytes(4, little(8).putLong(7).array()),
                        7.0),
                Arguments.of(
                        "one element",
                        new Wire()
                                .varint(1, 1)
                                .message(2, new Wire().message(2, new Wire().varint(1, 1)))
                                .fixed32(5, 2.5f),
                        2.5));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tensors")
    void read_tensorOfOneElement_isAScalar(String kind, Wire tensor, double value) {
        byte[] file = new EventFile().value(1, scalar("loss", tensor)).done();
        assertThat(Reading.points(FORMAT, file)).singleElement().satisfies(point -> {
            assertThat(point.step()).isEqualTo(1);
            assertThat(point.loss()).isEqualTo(value);
        });
    }

    @Test
    void read_tensorOfSeveralElements_isNoScalar() {
        Wire two = new Wire()
                .varint(1, 1)
                .message(2, new Wire().message(2, new Wire().varint(1, 2)))
                .bytes(4, little(8).putFloat(1).putFloat(2).array());
        Wire none = new Wire().varint(1, 1).message(2, new Wire().message(2, new Wire().varint(1, 0)));
        byte[] file = new EventFile()
                .value(1, scalar("loss", two))
                .value(1, scalar("loss", none))
                .done();
        assertThat(Reading.items(FORMAT, file)).isEmpty();
    }

    @Test
    void read_metadataOnlyOnTheFirstValue_isRememberedForTheTag() {
        Wire number = new Wire().varint(1, 1).fixed32(5, 2.5f);
        byte[] file = new EventFile()
                .value(1, scalar("loss", number))
                .value(2, new Wire().text(1, "loss").message(8, number))
                .value(
                        1,
                        new Wire()
                                .text(1, "val/loss")
                                .message(8, number)
                                .message(9, EventFile.metadata("histograms", 2)))
                .value(2, new Wire().text(1, "val/loss").message(8, number))
                .done();
        assertThat(Reading.losses(Reading.items(FORMAT, file)))
                .containsExactly(new Reading.Loss(null, "train", 1, 2.5), new Reading.Loss(null, "train", 2, 2.5));
    }

    @Test
    void read_sessionStart_isARestartUnlessItIsTheFirst() {
        byte[] file = new EventFile()
                .start(0)
                .simple(0, "loss", 4)
                .simple(1, "loss", 3)
                .start(1)
                .simple(1, "loss", 3.5)
                .start(1)
                .start(0)
                .simple(0, "loss", 5)
                .done();
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(items.stream().map(TensorBoardTest::text))
                .containsExactly("0: 4.0", "1: 3.0", "from 1", "1: 3.5", "from 1", "from 0", "0: 5.0");
    }

    @Test
    void read_firstStartAtACheckpoint_isARestart() {
        byte[] file = new EventFile().start(500).simple(500, "loss", 4).done();
        assertThat(Reading.items(FORMAT, file).stream().map(TensorBoardTest::text))
                .containsExactly("from 500", "500: 4.0");
    }

    @Test
    void read_absurdClock_givesNoTime() {
        byte[] file = new EventFile()
                .record(new Wire()
                        .fixed64(1, Double.NaN)
                        .varint(2, 3)
                        .message(
                                5,
                                new Wire().message(1, new Wire().text(1, "loss").fixed32(2, 1)))
                        .done())
                .done();
        assertThat(Reading.points(FORMAT, file))
                .singleElement()
                .extracting(Item.Point::time)
                .isNull();
    }

    @Test
    void read_textOfArguments_isConfiguration() {
        byte[] file = new EventFile()
                .value(0, text("args/text_summary", "{\"max_steps\": 10, \"optim\": {\"name\": \"adam\"}, \"x\": NaN}"))
                .value(0, text("num_layers/text_summary", "24"))
                .value(0, text("prose/text_summary", "two\nlines"))
                .value(0, text("args/text_summary", "{\"max_steps\": "))
                .done();
        assertThat(Reading.items(FORMAT, file))
                .containsExactly(
                        new Item.Config(null, Map.of("max_steps", "10", "optim.name", "adam", "x", "NaN")),
                        new Item.Config(null, Map.of("num_layers", "24")));
    }

    @Test
    void read_wrongDataChecksum_leavesTheRecordOut() {
        byte[] file = new EventFile().simple(1, "loss", 3).simple(2, "loss", 2).done();
        int first = new EventFile().done().length;
        file[first + 20] ^= 1;
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(Reading.only(Item.Unreadable.class, items)).singleElement().satisfies(unreadable -> {
            assertThat(unreadable.position()).isEqualTo(first);
            assertThat(unreadable.fatal()).isFalse();
        });
        assertThat(Reading.losses(items)).containsExactly(new Reading.Loss(null, "train", 2, 2.0));
    }

    @Test
    void read_wrongLengthChecksum_endsTheFile() {
        byte[] file = new EventFile().simple(1, "loss", 3).simple(2, "loss", 2).done();
        int second = new EventFile().simple(1, "loss", 3).done().length;
        file[second] ^= 1;
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(Reading.losses(items)).containsExactly(new Reading.Loss(null, "train", 1, 3.0));
        assertThat(Reading.only(Item.Unreadable.class, items)).singleElement().satisfies(unreadable -> {
            assertThat(unreadable.position()).isEqualTo(second);
            assertThat(unreadable.fatal()).isTrue();
        });
    }

    @Test
    void read_hugeRecord_isPassedOverWithoutKeepingIt() {
        long claimed = RecordFrames.LARGEST_BYTES + 1L;
        byte[] length = little(8).putLong(claimed).array();
        SourceReader reader = FORMAT.open(SourceOptions.NONE);
        List<Item> items = new ArrayList<>();
        reader.read(
                ByteBuffer.wrap(new EventFile()
                        .raw(length)
                        .raw(little(4).putInt(EventFile.masked(length)).array())
                        .done()),
                items::add);
        byte[] mebibyte = new byte[1 << 20];
        for (int i = 0; i < 64; i++) {
            reader.read(ByteBuffer.wrap(mebibyte), items::add);
        }
        assertThat(reader.incomplete()).isNotNull();
        reader.read(ByteBuffer.wrap(new byte[5]), items::add);
        assertThat(reader.incomplete()).isNull();
        byte[] header = new EventFile().done();
        byte[] rest = new EventFile().simple(1, "loss", 3).done();
        reader.read(ByteBuffer.wrap(rest, header.length, rest.length - header.length), items::add);
        reader.end(items::add);
        assertThat(items).hasSize(2);
        assertThat(items.get(0))
                .isInstanceOfSatisfying(
                        Item.Unreadable.class, u -> assertThat(u.fatal()).isFalse());
        assertThat(items.get(1))
                .isInstanceOfSatisfying(
                        Item.Point.class, p -> assertThat(p.loss()).isEqualTo(3));
    }

    @Test
    void read_impossibleLength_neitherHangsNorAllocates() {
        for (long length : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 3, -1, Long.MIN_VALUE}) {
            byte[] bytes = little(8).putLong(length).array();
            byte[] file = new EventFile()
                    .raw(bytes)
                    .raw(little(4).putInt(EventFile.masked(bytes)).array())
                    .raw(new byte[100])
                    .done();
            assertThat(Reading.items(FORMAT, file)).singleElement().isInstanceOf(Item.Unreadable.class);
        }
    }

    @Test
    void read_largeRecordThatHasNotCome_takesNoRoom() {
        byte[] length = little(8).putLong(RecordFrames.LARGEST_BYTES).array();
        byte[] file = new EventFile()
                .raw(length)
                .raw(little(4).putInt(EventFile.masked(length)).array())
                .raw(new byte[10])
                .done();
        List<SourceReader> readers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            SourceReader reader = FORMAT.open(SourceOptions.NONE);
            reader.read(ByteBuffer.wrap(file), item -> {});
            readers.add(reader);
        }
        // 125 GiB if each kept room for its record.
        assertThat(readers).allSatisfy(reader -> assertThat(reader.incomplete()).isNotNull());
    }

    @Test
    void pause_beforeTheCompanyOfALoss_givesItOnce() {
        byte[] file = new EventFile().simple(1, "loss", 3).simple(1, "loss", 4).done();
        Reading.assertPiecesGiveTheSame(FORMAT, file);
        assertThat(Reading.points(FORMAT, file)).hasSize(1);
    }

    @Test
    void read_anyCutAndAnyPieces_giveNoWrongPoint() {
        byte[] file = small();
        Reading.assertEveryCutGivesABeginning(FORMAT, file);
        Reading.assertPiecesGiveTheSame(FORMAT, file);
    }

    @Test
    void read_mutatedFiles_areSurvived() {
        Reading.assertMutationsAreSurvived(FORMAT, small(), 2_000);
    }

    @Test
    void read_mutatedRecordsWithRightChecksums_areSurvived() {
        Random random = new Random(11);
        List<byte[]> records = List.of(
                EventFile.event(3)
                        .message(
                                5,
                                new Wire()
                                        .message(
                                                1,
                                                scalar(
                                                        "loss",
                                                        new Wire().varint(1, 1).fixed32(5, 2.5f))))
                        .done(),
                EventFile.event(4)
                        .message(5, new Wire().message(1, text("args/text_summary", "{\"a\": [1, {}]}")))
                        .done(),
                EventFile.event(5).message(7, new Wire().varint(1, 1)).done());
        for (int i = 0; i < 2_000; i++) {
            EventFile file = new EventFile();
            for (byte[] record : records) {
                file.record(Reading.mutated(record, random));
            }
            file.simple(9, "train_loss", 1);
            assertThat(Reading.items(FORMAT, file.done()).size()).isLessThan(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"args/text_summary", "loss"})
    void read_randomRecord_isSurvived(String tag) {
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            Wire value = new Wire().text(1, tag).bytes(8, noise);
            byte[] file = new EventFile()
                    .record(noise)
                    .value(1, value)
                    .simple(2, "loss", 1)
                    .done();
            assertThat(Reading.points(FORMAT, file)).isNotEmpty();
        }
    }

    @Test
    void recognise_eventFile_byItsFirstRecord() {
        byte[] file = small();
        assertThat(FORMAT.recognise("events.out.tfevents.1.host", file)).contains("named an event file");
        assertThat(FORMAT.recognise("renamed", file)).contains("brain.Event:");
        assertThat(FORMAT.recognise("events.out.tfevents.1.host", new byte[5])).isNull();
        assertThat(FORMAT.recognise("events.out.tfevents.1.host", "step,loss\n1,2\n3,4\n".getBytes(US_ASCII)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "lm loss, train", "lm loss validation, val", "lm-loss-training/lm loss, train",
        "reduced_train_loss, train", "val_loss, val", "loss_metrics/global_avg_loss, train",
        "validation_metrics/loss, val", "train/CE loss, train",
                "eval/lm/c4_en-validation/CE loss, val/c4_en-validation",
        "train_loss_step, train", "train/loss, train", "eval/loss, val"
    })
    void read_tagOfAStack_isItsLoss(String tag, String split) {
        assertThat(Reading.points(FORMAT, new EventFile().simple(7, tag, 2).done()))
                .singleElement()
                .satisfies(point -> assertThat(point.split()).isEqualTo(split));
    }

    @ParameterizedTest
    @CsvSource({
        "lm loss, learning-rate, grad-norm", "reduced_train_loss, lr, grad_norm",
        "loss_metrics/global_avg_loss, lr, grad_norm", "train/CE loss, optim/LR (group 0), optim/total grad norm",
        "train_loss_step, lr-AdamW, grad_norm", "train/loss, train/learning_rate, train/grad_norm",
        "lm-loss-training/lm loss, learning-rate/learning-rate, grad-norm/grad-norm"
    })
    void read_tagsOfAStack_areRateAndNorm(String loss, String rate, String norm) {
        byte[] file = new EventFile()
                .simple(7, loss, 2)
                .simple(7, rate, 0.5)
                .simple(7, norm, 0.25)
                .done();
        assertThat(Reading.points(FORMAT, file)).singleElement().satisfies(point -> {
            assertThat(point.lr()).isEqualTo(0.5);
            assertThat(point.gradNorm()).isEqualTo(0.25);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"lm loss vs samples", "train_loss_epoch", "train/train_loss", "loss-scale", "train/PPL", "z_loss"
            })
    void read_tagOfAnotherThing_isNoPoint(String tag) {
        assertThat(Reading.points(FORMAT, new EventFile().simple(7, tag, 2).done()))
                .isEmpty();
    }

    /** The numbers come from a walk over the same files by another program in another language. */
    @ParameterizedTest
    @CsvSource({
        "tensorboard_simple_value/events.out.tfevents.1585769947.cvp, 17, 0, 16, 3.91357731, 2.93250559e-5",
        "tensorboard_tensor_v2/events.out.tfevents.1691998534.t1v-n-f475b936-w-62.534549.1.v2, 17, 0, 160000,"
                + " 10.9128294, NaN",
        "tensorboard_tensor_v2/events.out.tfevents.1692081670.t1v-n-f475b936-w-62.660713.1.v2, 2, 110000, 120000,"
                + " 0.90962088, 0.90072566",
        "tensorboard_tensor_v2/events.out.tfevents.1692084919.t1v-n-53f9d5d1-w-9.18570.1.v2, 89, 120000, 1000000,"
                + " 0.90072554, 0.80459541",
        "tensorboard_tensor_v2/events.out.tfevents.1696062588.t1v-n-b53f7f3e-w-0.18448.1.v2, 52, 1000000, 1510000,"
                + " 0.80459541, 0.79227436"
    })
    void read_realFile_givesItsScalars(
            String name, int points, long firstStep, long lastStep, double firstLoss, double lastLoss) {
        byte[] file = Reading.bytes("formats/" + name);
        assertThat(FORMAT.recognise(name.substring(name.indexOf('/') + 1), file))
                .isNotNull();
        List<Item> items = Reading.items(FORMAT, file);
        assertThat(Reading.only(Item.Unreadable.class, items)).isEmpty();
        List<Item.Point> read = Reading.only(Item.Point.class, items);
        assertThat(read)
                .hasSize(points)
                .allSatisfy(point -> assertThat(point.time()).isNotNull());
        assertThat(read.get(0).step()).isEqualTo(firstStep);
        assertThat(read.get(points - 1).step()).isEqualTo(lastStep);
        assertThat(read.get(0).loss()).isCloseTo(firstLoss, within(1e-7));
        if (Double.isNaN(lastLoss)) {
            assertThat(read.get(points - 1).loss()).isNaN();
        } else {
            assertThat(read.get(points - 1).loss()).isCloseTo(lastLoss, within(1e-7));
        }
        Reading.assertPiecesGiveTheSame(FORMAT, file);
    }

    private static byte[] small() {
        return new EventFile()
                .start(0)
                .value(0, text("args/text_summary", "{\"max_steps\": 10}"))
                .simple(1, "train/loss", 4.25)
                .simple(1, "train/grad_norm", 1)
                .value(2, scalar("train/loss", new Wire().varint(1, 1).fixed32(5, 3.5f)))
                .simple(3, "eval/loss", 3.25)
                .start(2)
                .simple(2, "train/loss", 3.75)
                .done();
    }

    private static Wire scalar(String tag, Wire tensor) {
        return new Wire().text(1, tag).message(8, tensor).message(9, EventFile.metadata("scalars", 1));
    }

    private static Wire text(String tag, String text) {
        return new Wire()
                .text(1, tag)
                .message(9, EventFile.metadata("text", 2))
                .message(8, new Wire().varint(1, 7).text(8, text));
    }

    private static ByteBuffer little(int bytes) {
        return Wire.little(bytes);
    }

    private static String text(Item item) {
        if (item instanceof Item.Point point) {
            return point.step() + ": " + point.loss();
        }
        return item instanceof Item.Restart restart ? "from " + restart.step() : item.toString();
    }
}
