package io.straightedge.ingest.finals;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A CSV file in memory, plain or gzip (told by content): its header, and its rows with their lines. */
record Table(String file, List<String> header, List<Line> lines) {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /**
     * A row.
     *
     * @param number of the line in the file at which it ends, 1 for the first
     */
    record Line(long number, List<String> cells) {

        /** The cell of a column; empty where the row is shorter. */
        String cell(int column) {
            return column < cells.size() ? cells.get(column) : "";
        }
    }

    static Table read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (Files.notExists(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder: name the CSV files in it");
        }
        List<Line> lines = new ArrayList<>();
        try (InputStream in = open(file);
                Reader reader = new InputStreamReader(in, UTF_8);
                CSVParser parser = CSVFormat.DEFAULT
                        .builder()
                        .setTrim(true)
                        .setIgnoreEmptyLines(true)
                        .get()
                        .parse(reader)) {
            for (CSVRecord row : parser) {
                lines.add(new Line(parser.getCurrentLineNumber(), row.toList()));
            }
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new IllegalArgumentException(name + ": not CSV: " + e.getMessage(), e);
        }
        if (lines.size() < 2) {
            throw new IllegalArgumentException(name + ": holds no rows: a header and a row for each run are needed");
        }
        List<String> header = new ArrayList<>(lines.get(0).cells());
        header.set(0, header.get(0).replace(BYTE_ORDER_MARK, ""));
        return new Table(name, List.copyOf(header), List.copyOf(lines.subList(1, lines.size())));
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in) : in;
    }
}
