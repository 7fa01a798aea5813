package io.straightedge.ingest.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** A CSV file with a header, plain or gzip (told by content), line by line. */
final class Csv {

    private final Path file;

    Csv(Path file) {
        this.file = file;
    }

    /** One line. */
    record Line(Path file, CSVRecord record) {

        /** A cell; null when it is empty or its column is not there. */
        @Nullable
        String text(String column) {
            String cell = record.isSet(column) ? record.get(column) : "";
            return cell.isEmpty() ? null : cell;
        }

        /** A cell that must be there. */
        String needed(String column) {
            String cell = text(column);
            if (cell == null) {
                throw new IllegalArgumentException(where() + column + " is empty");
            }
            return cell;
        }

        /** A number; null when the cell is empty. */
        @Nullable
        Double number(String column) {
            String cell = text(column);
            if (cell == null) {
                return null;
            }
            try {
                return cell.equalsIgnoreCase("nan") ? Double.NaN : Double.valueOf(cell);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(where() + column + " is not a number: " + cell);
            }
        }

        /** A whole number of 0 or more. */
        long count(String column) {
            Double value = number(column);
            if (value == null || !(value >= 0) || value != Math.rint(value) || value > 0x1p53) {
                throw new IllegalArgumentException(
                        where() + column + " is " + text(column) + ": it must be a whole number of 0 or more");
            }
            return value.longValue();
        }

        String where() {
            return file + ", row " + record.getRecordNumber() + ": ";
        }
    }

    /** The names of its columns, lower case; those of its first line when it is not CSV at all. */
    static List<String> header(Path file) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(file), UTF_8))) {
            String first = reader.readLine();
            return first == null
                    ? List.of()
                    : Arrays.stream(first.split(",", -1))
                            .map(name -> name.replace("\uFEFF", "")
                                    .replace("\"", "")
                                    .trim()
                                    .toLowerCase(Locale.ROOT))
                            .toList();
        }
    }

    /**
     * Gives every line to {@code take}.
     *
     * @throws IllegalArgumentException when a needed column is missing or the file is not CSV
     */
    void lines(List<String> needed, Consumer<Line> take) throws IOException {
        try (CSVParser parser = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setTrim(true)
                .setIgnoreEmptyLines(true)
                .setAllowMissingColumnNames(true)
                .get()
                .parse(new InputStreamReader(open(file), UTF_8))) {
            List<String> missing = needed.stream()
                    .filter(name -> !parser.getHeaderNames().contains(name))
                    .toList();
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException(
                        file + ": missing columns " + missing + "; found " + parser.getHeaderNames());
            }
            for (CSVRecord record : parser) {
                take.accept(new Line(file, record));
            }
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(file + ": not CSV: " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in) : in;
    }
}
