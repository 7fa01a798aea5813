package io.straightedge.ingest.wandb;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.protocol.run.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code run-*.wandb} file: of its protobuf {@code Record}s history, configuration, the run's name and its exit.
 * A record that cannot be read gives nothing.
 */
final class OfflineReader implements SourceReader, LogChunks.Receiver {

    private static final int HISTORY = 2;
    private static final int CONFIG = 5;
    private static final int RUN = 17;
    private static final int EXIT = 18;

    /** What the client gives as the exit code of a run that was interrupted from the keyboard. */
    private static final int INTERRUPTED = 255;

    private final LogChunks chunks = new LogChunks(this);
    private final HistoryRows rows;
    private final List<Item> found = new ArrayList<>();

    OfflineReader(SourceOptions options) {
        rows = new HistoryRows(options);
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), LogChunks.BLOCK_BYTES));
            bytes.position(bytes.position() + part.remaining());
            chunks.read(part);
            found.forEach(items);
            found.clear();
        }
    }

    @Override
    public void pause(Consumer<? super Item> items) {
        rows.flush(items);
    }

    @Override
    public void end(Consumer<? super Item> items) {
        rows.flush(items);
    }

    @Override
    public @Nullable String incomplete() {
        return chunks.incomplete();
    }

    @Override
    public void unreadable(long position, String reason, boolean fatal) {
        rows.flush(found::add);
        found.add(new Item.Unreadable(null, position, reason, "", fatal));
    }

    @Override
    public void record(byte[] data, long position) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(data);
            // A record is one of these kinds: of several, which none writes, the last counts, as in protobuf.
            Runnable effect = () -> {};
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    in.skipField(tag);
                    continue;
                }
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case HISTORY -> {
                        Map<String, Double> numbers =
                                RecordParts.within(in, message -> RecordParts.history(message, rows));
                        effect = () -> rows.row(null, numbers, position, found::add);
                    }
                    case CONFIG -> {
                        Map<String, String> values = RecordParts.within(in, RecordParts::config);
                        effect = () -> configuration(values);
                    }
                    case RUN -> {
                        Map<String, String> values = RecordParts.within(in, RecordParts::run);
                        effect = () -> configuration(values);
                    }
                    case EXIT -> {
                        int code = RecordParts.within(in, RecordParts::exitCode);
                        effect = () -> exit(code);
                    }
                    default -> in.skipField(tag);
                }
            }
            effect.run();
        } catch (IOException e) {
            unreadable(position, "a record is none of W&B's: it is left out", false);
        }
    }

    private void configuration(Map<String, String> values) {
        if (!values.isEmpty()) {
            found.add(new Item.Config(null, values));
        }
    }

    private void exit(int code) {
        rows.flush(found::add);
        Outcome outcome = code == 0 ? Outcome.FINISHED : code == INTERRUPTED ? Outcome.KILLED : Outcome.FAILED;
        found.add(new Item.End(null, outcome, null));
    }
}
