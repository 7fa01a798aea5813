package io.straightedge.ingest.text;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.Item;
import io.straightedge.ingest.source.Lines;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.source.SourceReader;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Text logs of one stack: recognised by the first line that its grammar knows as a header or
 * reads a loss from.
 */
record TextFormat(String name, String description, Function<SourceOptions, LineGrammar> grammar) implements Format {

    @Override
    public @Nullable String recognise(String fileName, byte[] head) {
        Recognition recognition = new Recognition(grammar.apply(SourceOptions.NONE));
        new Lines(TextReader.LONGEST_LINE).read(ByteBuffer.wrap(head), recognition);
        return recognition.because;
    }

    @Override
    public SourceReader open(SourceOptions options) {
        return new TextReader(grammar.apply(options));
    }

    private static final class Recognition implements Lines.Sink, LineGrammar.Told {

        private final LineGrammar grammar;
        private String line = "";
        private @Nullable String because;

        Recognition(LineGrammar grammar) {
            this.grammar = grammar;
        }

        @Override
        public void line(long position, String text) {
            if (because == null) {
                line = TextReader.plain(text);
                grammar.read(line, this);
            }
        }

        @Override
        public void tooLong(long position, String beginning) {}

        @Override
        public void point(Item.Point point) {
            header();
        }

        @Override
        public void header() {
            because = because == null ? "has the line \"" + Item.Unreadable.excerpt(line.strip()) + "\"" : because;
        }

        @Override
        public void config(String name, String value) {}

        @Override
        public void unreadable(String reason) {}
    }
}
