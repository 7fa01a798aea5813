package io.straightedge.ingest.tensorboard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Event files of TensorBoard, TensorFlow and PyTorch's SummaryWriter. Immutable, thread-safe. */
public final class TensorBoard implements Format {

    private static final String VERSION = "brain.Event:";

    @Override
    public String name() {
        return "tensorboard";
    }

    @Override
    public String description() {
        return "TensorBoard event files (events.out.tfevents.*), scalars as simple values or tensors";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        if (head.length < RecordFrames.HEADER_BYTES) {
            return null;
        }
        long length = RecordFrames.length(head);
        if (length < 0) {
            return null;
        }
        int end = (int) Math.min(head.length, RecordFrames.HEADER_BYTES + length);
        if (fileName.toLowerCase(Locale.ROOT).contains("tfevents")) {
            return "is named an event file and begins with a record whose length has the right checksum";
        }
        return new String(head, RecordFrames.HEADER_BYTES, end - RecordFrames.HEADER_BYTES, ISO_8859_1)
                        .contains(VERSION)
                ? "its first record says " + VERSION
                : null;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new EventReader(options.columns());
    }
}
