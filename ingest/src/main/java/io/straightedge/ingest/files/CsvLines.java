package io.straightedge.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file, as its bytes come: quoted cells with doubled quotes and line ends within, LF or CR LF, a byte
 * order mark, blank lines left out. commons-csv reads what is whole; this one knows what is not there yet.
 *
 * <p>A row counts when its line end is there. The last row of a file that does not end with one counts at the
 * {@link #end} only if it has as many cells as the first row and its last cell is quoted, closed and a number or empty:
 * then nothing of it can be missing. (The closing quote of a text might be half of a doubled one.)
 *
 * <p>A row longer than {@value #LONGEST_BYTES} bytes is left out and reported; reading goes on at the next line end,
 * quoted or not, as the cause is likely a quote that is never closed. Not thread-safe.
 */
public final class CsvLines {

    /** Bytes of the longest row that is given. */
    public static final int LONGEST_BYTES = 1 << 20;

    private enum State {
        CELL_START,
        PLAIN,
        QUOTED,
        /** After a quote within a quoted cell: its end, or half of a doubled quote. */
        QUOTE_SEEN,
        /** Within a row that is too long. */
        SKIP
    }

    private final byte delimiter;
    private final LongConsumer tooLong;
    private final ByteArrayOutputStream cell = new ByteArrayOutputStream();
    private List<String> cells = new ArrayList<>();
    private State state = State.CELL_START;
    private boolean lastQuoted;
    private long position;
    private long rowBegin;
    private int columns = -1;

    /** @param tooLong gets the position of each row that was left out for its length */
    public CsvLines(char delimiter, LongConsumer tooLong) {
        this.delimiter = (byte) delimiter;
        this.tooLong = tooLong;
    }

    /** Takes the next bytes, all of them, and gives the rows that they complete. */
    public void read(ByteBuffer bytes, Consumer<? super List<String>> rows) {
        while (bytes.hasRemaining()) {
            take(bytes.get(), rows);
        }
    }

    /** The file will not grow: gives its last row, when nothing of it can be missing. */
    public void end(Consumer<? super List<String>> rows) {
        if (state == State.QUOTE_SEEN && cells.size() + 1 == columns && numberOrEmpty(cell.toString(UTF_8))) {
            endRow(rows);
        }
    }

    /** Position, in bytes, at which the row begins that is being given or read. */
    public long rowBegin() {
        return rowBegin;
    }

    /** What is there of a row that is not complete; null when nothing is. */
    public @Nullable String incomplete() {
        return position > rowBegin && state != State.SKIP ? "a line without its end" : null;
    }

    private void take(byte b, Consumer<? super List<String>> rows) {
        position++;
        if (state == State.SKIP) {
            if (b == '\n') {
                startRow();
            }
            return;
        }
        if (position - rowBegin > LONGEST_BYTES) {
            tooLong.accept(rowBegin);
            if (b == '\n') {
                startRow();
            } else {
                state = State.SKIP;
            }
            return;
        }
        switch (state) {
            case QUOTED -> {
                if (b == '"') {
                    state = State.QUOTE_SEEN;
                } else {
                    cell.write(b);
                }
            }
            case QUOTE_SEEN -> {
                if (b == '"') {
                    cell.write(b);
                    state = State.QUOTED;
                } else {
                    lastQuoted = true;
                    plain(b, rows);
                }
            }
            case CELL_START -> {
                if (b == '"') {
                    cell.reset();
                    state = State.QUOTED;
                } else {
                    plain(b, rows);
                }
            }
            default -> plain(b, rows);
        }
    }

    private void plain(byte b, Consumer<? super List<String>> rows) {
        if (b == '\n') {
            endRow(rows);
        } else if (b == delimiter) {
            endCell();
        } else {
            cell.write(b);
            state = position == 3 && isByteOrderMark() ? State.CELL_START : State.PLAIN;
        }
    }

    private boolean isByteOrderMark() {
        return cell.size() == 3 && cell.toString(UTF_8).equals("\uFEFF");
    }

    private void endCell() {
        String text = cell.toString(UTF_8);
        cells.add(text.startsWith("\uFEFF") ? text.substring(1) : text);
        cell.reset();
        lastQuoted = false;
        state = State.CELL_START;
    }

    private void endRow(Consumer<? super List<String>> rows) {
        boolean quoted = lastQuoted || state == State.QUOTE_SEEN;
        endCell();
        int last = cells.size() - 1;
        String text = cells.get(last);
        if (text.endsWith("\r")) {
            cells.set(last, text.substring(0, text.length() - 1));
        }
        if (quoted || last > 0 || !cells.get(0).isEmpty()) {
            columns = columns < 0 ? cells.size() : columns;
            rows.accept(cells);
        }
        startRow();
    }

    private void startRow() {
        cells = new ArrayList<>();
        cell.reset();
        lastQuoted = false;
        state = State.CELL_START;
        rowBegin = position;
    }

    private static boolean numberOrEmpty(String text) {
        if (text.isEmpty()) {
            return true;
        }
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return text.equalsIgnoreCase("nan");
        }
    }
}
