package io.straightedge.ingest.text;

import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Lines;
import io.straightedge.ingest.source.RunSplit;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text log with a stack's grammar, one run after the other. Where several ranks write the same losses, lines of
 * the rank that was ahead count, until another is further. Configuration that comes after losses is held until the next
 * loss says whose it is.
 */
final class TextReader implements SourceReader {

    static final int LONGEST_LINE = 64 << 10;

    private static final int MOST_CONFIGURATION = 2000;
    private static final int LONGEST_VALUE = 1000;
    private static final char ESCAPE = '\u001B';
    private static final Pattern ANSI =
            Pattern.compile("\u001B(?:\\[[0-?]*+[ -/]*+[@-~]|\\][^\u0007\u001B]*+\u0007?+|[@-_])");
    private static final Pattern RANK = Pattern.compile("\\s*+(?:\\[(?:rank|default)([0-9]{1,6})]:|([0-9]{1,6}):\\s)");
    private static final String NO_RANK = "";

    private final LineGrammar grammar;
    private final Lines lines = new Lines(LONGEST_LINE);
    private final RunSplit runs = new RunSplit();
    private final Map<String, String> held = new LinkedHashMap<>();
    private Map<String, String> configuration = new LinkedHashMap<>();
    private @Nullable String speaker;
    private String rank = NO_RANK;

    TextReader(LineGrammar grammar) {
        this.grammar = grammar;
    }

    /** The line without colours and cursor movements. */
    static String plain(String line) {
        return line.indexOf(ESCAPE) < 0 ? line : ANSI.matcher(line).replaceAll("");
    }

    @Override
    public void read(ByteBuffer bytes, Consumer<? super Item> items) {
        lines.read(bytes, new Lines.Sink() {
            @Override
            public void line(long position, String text) {
                String plain = plain(text);
                rank = rank(plain);
                grammar.read(plain, new Telling(position, plain, items));
            }

            @Override
            public void tooLong(long position, String beginning) {
                String reason = "a line of more than " + LONGEST_LINE + " bytes";
                items.accept(new Item.Unreadable(runs.name(), position, reason, beginning, false));
            }
        });
    }

    @Override
    public void pause(Consumer<? super Item> items) {
        grammar.pause(new Telling(0, "", items));
        if (!runs.begun()) {
            configure(items);
        }
    }

    @Override
    public void end(Consumer<? super Item> items) {
        pause(items);
    }

    @Override
    public @Nullable String incomplete() {
        return lines.incomplete() ? "a line without its end" : null;
    }

    private static String rank(String line) {
        Matcher matcher = RANK.matcher(line);
        if (!matcher.lookingAt()) {
            return NO_RANK;
        }
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    private void configure(Consumer<? super Item> items) {
        Map<String, String> changed = new LinkedHashMap<>(configuration);
        changed.putAll(held);
        held.clear();
        if (!changed.equals(configuration)) {
            configuration = changed;
            items.accept(new Item.Config(runs.name(), configuration));
        }
    }

    /** What the grammar says of one line. */
    private final class Telling implements LineGrammar.Told {

        private final long position;
        private final String line;
        private final Consumer<? super Item> items;

        Telling(long position, String line, Consumer<? super Item> items) {
            this.position = position;
            this.line = line;
            this.items = items;
        }

        @Override
        public void point(Item.Point point) {
            if (speaker != null && !speaker.equals(rank) && point.step() <= runs.last()) {
                return;
            }
            speaker = rank;
            if (runs.next(point.step())) {
                configuration = new LinkedHashMap<>();
            }
            configure(items);
            items.accept(new Item.Point(
                    runs.name(),
                    point.split(),
                    point.step(),
                    point.tokens(),
                    point.samples(),
                    point.loss(),
                    point.lr(),
                    point.gradNorm(),
                    point.nanIterations(),
                    point.time()));
        }

        @Override
        public void config(String name, String value) {
            if (held.size() < MOST_CONFIGURATION && value.length() <= LONGEST_VALUE) {
                held.put(name, value);
            }
        }

        @Override
        public void header() {
            speaker = null;
            runs.header();
        }

        @Override
        public void unreadable(String reason) {
            items.accept(new Item.Unreadable(runs.name(), position, reason, line, false));
        }
    }
}
