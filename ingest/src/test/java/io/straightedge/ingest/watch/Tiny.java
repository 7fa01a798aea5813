package io.straightedge.ingest.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import io.straightedge.protocol.run.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two formats that are as small as formats can be: lines {@code step loss}, of which the last waits for the next or a
 * pause, and the same as a whole that ends in {@code .}.
 *
 * <p>Further lines: {@code run NAME}, {@code restart STEP}, {@code config KEY VALUE}, {@code end}.
 */
final class Tiny implements Format {

    static final List<Format> BOTH = List.of(new Tiny(false), new Tiny(true));

    private final boolean whole;

    private Tiny(boolean whole) {
        this.whole = whole;
    }

    @Override
    public String name() {
        return whole ? "whole" : "tiny";
    }

    @Override
    public String description() {
        return "for tests";
    }

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        return new String(head, UTF_8).startsWith(name() + "\n") || fileName.contains("tfevents") ? "says so" : null;
    }

    @Override
    public boolean whole() {
        return whole;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new Reader();
    }

    private final class Reader implements SourceReader {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private @Nullable String run;
        private Item.@Nullable Point waiting;

        @Override
        public void read(ByteBuffer bytes, Consumer<? super Item> items) {
            while (bytes.hasRemaining()) {
                byte next = bytes.get();
                if (next == '\n' && !whole) {
                    line(kept.toString(UTF_8), items);
                    kept.reset();
                } else {
                    kept.write(next);
                }
            }
        }

        private void line(String line, Consumer<? super Item> items) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "tiny", "whole", "" -> {}
                case "run" -> run = words[1];
                case "restart" -> give(new Item.Restart(run, Long.parseLong(words[1])), items);
                case "config" -> give(new Item.Config(run, Map.of(words[1], words[2])), items);
                case "end" -> give(new Item.End(run, Outcome.FINISHED, null), items);
                case "bad" -> give(new Item.Unreadable(run, 0, "bad", line, false), items);
                default -> {
                    Item.Point point = new Item.Point(
                            run,
                            "train",
                            Long.parseLong(words[0]),
                            null,
                            words.length > 2 ? Double.valueOf(words[2]) : null,
                            Double.valueOf(words[1]),
                            null,
                            null,
                            null,
                            null);
                    flush(items);
                    waiting = point;
                }
            }
        }

        private void give(Item item, Consumer<? super Item> items) {
            flush(items);
            items.accept(item);
        }

        private void flush(Consumer<? super Item> items) {
            if (waiting != null) {
                items.accept(waiting);
                waiting = null;
            }
        }

        @Override
        public void pause(Consumer<? super Item> items) {
            flush(items);
        }

        @Override
        public void end(Consumer<? super Item> items) {
            if (whole && incomplete() == null) {
                String text = kept.toString(UTF_8);
                text.substring(0, text.length() - 1).lines().forEach(line -> line(line, items));
            }
            flush(items);
        }

        @Override
        public @Nullable String incomplete() {
            if (whole) {
                return kept.toString(UTF_8).endsWith(".") ? null : "no full stop";
            }
            return kept.size() > 0 ? "a line without its end" : null;
        }
    }
}
