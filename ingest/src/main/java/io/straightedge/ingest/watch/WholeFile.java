package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written anew as a whole. Read when it has not changed from one look to the next; what it says beyond what
 * was sent is sent. Where it says something else than it did, the job was started again from there, and what follows is sent
 * too.
 */
final class WholeFile extends SourceFile {

    private static final int MOST_BYTES = 512 << 20;

    private final boolean atOnce;
    private @Nullable Position resumed;

    /** CRC-32C of the first i + 1 losses. */
    private List<Long> checksums = List.of();

    private @Nullable Found read;
    private boolean quiet;
    private @Nullable String incomplete;

    /**
     * A file of which nothing has been read by this process.
     *
     * @param atOnce whether it is read without waiting for it to be quiet
     */
    WholeFile(RunSource source, Found found, @Nullable Position resumed, boolean atOnce) {
        super(source, found, resumed);
        this.resumed = resumed;
        this.atOnce = atOnce;
    }

    @Override
    boolean is(Found other) {
        return true;
    }

    @Override
    void seen(Found now) {
        quiet = now.equals(found());
        super.seen(now);
    }

    @Override
    boolean more() {
        return !gone() && (quiet || atOnce) && !found().equals(read);
    }

    @Override
    boolean read() throws IOException {
        read = found();
        List<Item> items = parse();
        List<Long> now = checksums(items);
        Position earlier = resumed;
        resumed = null;
        long same = 0;
        boolean diverged;
        if (earlier != null) {
            int sent = (int) earlier.losses();
            same = sent == 0 || (now.size() >= sent && now.get(sent - 1) == earlier.checksum()) ? sent : 0;
            diverged = same < sent && !now.isEmpty();
        } else {
            while (same < Math.min(now.size(), checksums.size())
                    && now.get((int) same).equals(checksums.get((int) same))) {
                same++;
            }
            diverged = same < checksums.size() && same < now.size();
        }
        if (now.isEmpty()) {
            resumed = earlier;
            return false;
        }
        long endsSent = earlier != null ? earlier.ends() : ends();
        if (diverged) {
            source().notices()
                    .say(found().path() + " says something else than before from loss " + (same + 1)
                            + " on: what follows is sent as the job started again");
        }
        source().tellAgain();
        startAgain(source().teller().part(1), same, diverged ? 0 : endsSent);
        checksums = now;
        items.forEach(this::take);
        return true;
    }

    private List<Item> parse() throws IOException {
        List<Item> items = new ArrayList<>();
        SourceReader reader = source().open();
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        long position = 0;
        while (position < MOST_BYTES
                && Tape.read(found().path(), found().packed(), found().fileKey(), position, piece.clear()) > 0) {
            position += piece.position();
            reader.read(piece.flip(), items::add);
        }
        reader.end(items::add);
        incomplete = reader.incomplete();
        return items;
    }

    private static List<Long> checksums(List<Item> items) {
        CRC32C checksum = new CRC32C();
        List<Long> all = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.Point point) {
                String said = point.run() + "\n" + point.split() + "\n" + point.step() + "\n" + point.loss() + "\n";
                checksum.update(said.getBytes(StandardCharsets.UTF_8));
                all.add(checksum.getValue());
            }
        }
        return all;
    }

    @Override
    void idle() {}

    @Override
    void end() {}

    @Override
    String identity() {
        return "";
    }

    @Override
    Position position(String key, long lossesStored, long endsStored, Map<String, String> manifests) {
        return new Position(
                key,
                source().name(),
                found().path().toString(),
                0,
                "",
                found().size(),
                lossesStored == 0 ? 0 : checksums.get((int) lossesStored - 1),
                lossesStored,
                endsStored,
                source().base(),
                1,
                manifests);
    }

    @Override
    long behindBytes() {
        return 0;
    }

    @Override
    @Nullable
    String incomplete() {
        return incomplete;
    }
}
