package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.SourceReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A file that is written at its end. Begun again by another process, it is read from its beginning. */
final class GrowingFile extends SourceFile {

    /** Bytes of a file's beginning that are looked at whenever it has changed. */
    private static final int HEAD_BYTES = 1024;

    private static final int PIECE_BYTES = 64 << 10;

    /** Larger, as a packed file is unpacked anew for each piece. */
    private static final int PACKED_PIECE_BYTES = 8 << 20;

    private final SourceReader reader;
    private final CRC32C checksum = new CRC32C();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private int identityBytes;
    private String identity = "";
    private long offset;
    private boolean paused = true;
    private boolean dry;

    GrowingFile(RunSource source, Found found, @Nullable Position resumed) {
        super(source, found, resumed);
        this.reader = source.open();
        if (resumed != null) {
            identityBytes = resumed.headBytes();
            identity = resumed.head();
        }
    }

    /** Whether a file that was found goes on where another process left off. */
    static boolean is(Position position, Found found) throws IOException {
        if (position.headBytes() == 0 || (!found.packed() && found.size() < position.bytes())) {
            return false;
        }
        ByteBuffer first = ByteBuffer.allocate(position.headBytes());
        int count = Tape.read(found.path(), found.packed(), null, 0, first);
        return count == first.capacity()
                && Digests.of(first.array()).equals(position.head())
                && Tape.beginsWith(found.path(), found.packed(), position.bytes(), position.checksum());
    }

    @Override
    boolean is(Found other) throws IOException {
        Found known = found();
        boolean sameName = other.path().equals(known.path());
        boolean sameFile = Objects.equals(other.fileKey(), known.fileKey()) && other.packed() == known.packed();
        if (sameName && sameFile && other.size() == known.size() && other.modifiedMillis() == known.modifiedMillis()) {
            return true;
        }
        if (!other.packed() && other.size() < offset) {
            return false;
        }
        if (offset == 0) {
            return sameName || (sameFile && other.fileKey() != null);
        }
        if (sameFile && other.fileKey() != null) {
            CRC32C first = new CRC32C();
            first.update(head.toByteArray());
            return Tape.beginsWith(other.path(), other.packed(), head.size(), first.getValue());
        }
        return Tape.beginsWith(other.path(), other.packed(), offset, checksum.getValue());
    }

    @Override
    void seen(Found now) {
        dry = dry && now.packed() && now.size() == found().size() && now.modifiedMillis() == found().modifiedMillis();
        super.seen(now);
    }

    @Override
    boolean more() {
        return !gone() && !dry && (found().packed() || found().size() > offset);
    }

    @Override
    boolean read() throws IOException {
        boolean packed = found().packed();
        ByteBuffer piece = ByteBuffer.allocate(packed ? PACKED_PIECE_BYTES : PIECE_BYTES);
        int count = Tape.read(found().path(), packed, found().fileKey(), offset, piece);
        dry = count == 0;
        if (count > 0) {
            piece.flip();
            checksum.update(piece.duplicate());
            if (head.size() < HEAD_BYTES) {
                head.write(piece.array(), 0, Math.min(count, HEAD_BYTES - head.size()));
            }
            offset += count;
            paused = false;
            reader.read(piece, this::take);
        }
        return count > 0;
    }

    @Override
    void idle() {
        if (!paused) {
            paused = true;
            reader.pause(this::take);
        }
    }

    @Override
    void end() {
        reader.end(this::take);
    }

    @Override
    String identity() {
        identityBytes = head.size();
        identity = Digests.of(head.toByteArray());
        return identity;
    }

    @Override
    Position position(String key, long lossesStored, long endsStored, Map<String, String> manifests) {
        return new Position(
                key,
                source().name(),
                found().path().toString(),
                identityBytes,
                identity,
                offset,
                checksum.getValue(),
                lossesStored,
                endsStored,
                source().base(),
                part().firstOrdinal(),
                manifests);
    }

    @Override
    long behindBytes() {
        return gone() || found().packed() ? 0 : Math.max(0, found().size() - offset);
    }

    @Override
    @Nullable
    String incomplete() {
        return reader.incomplete();
    }
}
