package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** As small as a format can be: after a first line {@code lines}, one {@code step loss [tokens]} a line, or {@code key=value}. */
final class LinesFormat implements Format {

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public String description() {
        return "for tests";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        return new String(head, 0, Math.min(6, head.length), UTF_8).equals("lines\n")
                ? "says so in its first line"
                : null;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new SourceReader() {
            private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

            @Override
            public void read(ByteBuffer bytes, Consumer<? super Item> items) {
                while (bytes.hasRemaining()) {
                    byte next = bytes.get();
                    if (next == '\n') {
                        line(kept.toString(UTF_8), items);
                        kept.reset();
                    } else {
                        kept.write(next);
                    }
                }
            }

            @Override
            public void pause(Consumer<? super Item> items) {}

            @Override
            public void end(Consumer<? super Item> items) {}

            @Override
            public @Nullable String incomplete() {
                return kept.size() == 0 ? null : "a line without its end";
            }
        };
    }

    private static void line(String line, Consumer<? super Item> items) {
        String[] words = line.split("[ =]", -1);
        if (line.contains("=")) {
            items.accept(new Item.Config(null, Map.of(words[0], words[1])));
        } else if (words[0].matches("\\d+")) {
            Double[] numbers = Arrays.stream(words).map(Double::valueOf).toArray(Double[]::new);
            Double tokens = numbers.length > 2 ? numbers[2] : null;
            items.accept(new Item.Point(
                    null, "train", numbers[0].longValue(), tokens, null, numbers[1], null, null, null, null));
        }
    }
}
