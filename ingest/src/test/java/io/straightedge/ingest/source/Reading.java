package io.straightedge.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Reads bytes with a format's reader, and states what holds for every format. */
public final class Reading {

    /** What must not depend on how a file was cut into pieces. */
    public record Loss(
            @Nullable String run,
            String split,
            long step,
            @Nullable Double loss) {}

    private Reading() {}

    /** A file of the data folder; the test is skipped, with the reason, where it is not there. */
    public static Path file(String name) {
        Path file = Path.of(System.getProperty("straightedge.data", "../../shared/data"), name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no real data at " + file);
        return file;
    }

    /** The bytes of a file of the data folder. */
    public static byte[] bytes(String name) {
        return bytes(file(name));
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All items of a file in one piece. */
    public static List<Item> items(Format format, byte[] bytes) {
        return items(format, SourceOptions.NONE, bytes);
    }

    public static List<Item> items(Format format, SourceOptions options, byte[] bytes) {
        SourceReader reader = format.open(options);
        List<Item> items = new ArrayList<>();
        reader.read(ByteBuffer.wrap(bytes), items::add);
        reader.end(items::add);
        return items;
    }

    public static List<Item.Point> points(Format format, byte[] bytes) {
        return only(Item.Point.class, items(format, bytes));
    }

    public static <T extends Item> List<T> only(Class<T> kind, List<Item> items) {
        return items.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public static List<Loss> losses(List<Item> items) {
        return only(Item.Point.class, items).stream()
                .map(point -> new Loss(point.run(), point.split(), point.step(), point.loss()))
                .toList();
    }

    /** The losses of a file that ends at any byte are the first ones of the whole file's. */
    public static void assertEveryCutGivesABeginning(Format format, byte[] bytes) {
        List<Loss> whole = losses(items(format, bytes));
        assertThat(whole).isNotEmpty();
        for (int cut = 0; cut < bytes.length; cut++) {
            List<Loss> some = losses(items(format, Arrays.copyOf(bytes, cut)));
            if (format.whole()) {
                assertThat(some).as("cut at %s", cut).isIn(List.of(), whole);
            } else {
                assertThat(some).as("cut at %s", cut).isEqualTo(whole.subList(0, Math.min(some.size(), whole.size())));
            }
        }
    }

    /** Pieces of one byte and of random sizes, with and without pauses between, give the losses of the whole. */
    public static void assertPiecesGiveTheSame(Format format, byte[] bytes) {
        List<Loss> whole = losses(items(format, bytes));
        assertThat(whole).isNotEmpty();
        Random random = new Random(20_240_501);
        for (boolean pauses : new boolean[] {false, true}) {
            assertThat(losses(pieces(format, bytes, () -> 1, pauses)))
                    .as("pieces of one byte, pauses %s", pauses)
                    .isEqualTo(whole);
            for (int round = 0; round < 10; round++) {
                assertThat(losses(pieces(format, bytes, () -> 1 + random.nextInt(5_000), pauses)))
                        .as("random pieces, round %s, pauses %s", round, pauses)
                        .isEqualTo(whole);
            }
        }
    }

    /** Files with random bytes changed, taken out, doubled or cut off are read without an exception. */
    public static void assertMutationsAreSurvived(Format format, byte[] bytes, int files) {
        Random random = new Random(7_340_033);
        for (int i = 0; i < files; i++) {
            byte[] mutated = mutated(bytes, random);
            List<Item> items = items(format, mutated);
            assertThat(items.size()).as("mutation %s", i).isLessThanOrEqualTo(mutated.length + 1);
        }
    }

    /** The bytes with one to four random changes. */
    public static byte[] mutated(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        int changes = 1 + random.nextInt(4);
        for (int change = 0; change < changes && mutated.length > 0; change++) {
            int at = random.nextInt(mutated.length);
            int until = at + random.nextInt(Math.min(64, mutated.length - at) + 1);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] = (byte) random.nextInt(256);
                case 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 2 ->
                    mutated = joined(Arrays.copyOf(mutated, at), Arrays.copyOfRange(mutated, until, mutated.length));
                default ->
                    mutated = joined(Arrays.copyOf(mutated, until), Arrays.copyOfRange(mutated, at, mutated.length));
            }
        }
        return mutated;
    }

    public static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static List<Item> pieces(Format format, byte[] bytes, IntSupplier sizes, boolean pauses) {
        SourceReader reader = format.open(SourceOptions.NONE);
        List<Item> items = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int size = Math.min(sizes.getAsInt(), bytes.length - at);
            reader.read(ByteBuffer.wrap(bytes, at, size), items::add);
            at += size;
            if (pauses) {
                reader.pause(items::add);
            }
        }
        reader.end(items::add);
        return items;
    }
}
