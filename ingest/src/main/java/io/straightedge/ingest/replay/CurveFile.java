package io.straightedge.ingest.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads training curves from CSV, plain or gzip (told by content).
 *
 * <p>The header names the columns: {@code run}, {@code step} and {@code loss} must be there; {@code family},
 * {@code params}, {@code tokens}, {@code lr}, {@code split}, {@code grad_norm}, {@code nan_iters} (a running count) and
 * {@code time} (ISO 8601, or seconds since 1970) are used when they are. An empty cell is unknown; NaN is written {@code nan}. O(file) memory.
 */
public final class CurveFile {

    private static final List<String> NEEDED = List.of("run", "step", "loss");
    private static final String DEFAULT_SPLIT = "train";

    private CurveFile() {}

    /** The runs of a file, in order of their first rows. */
    public static List<RunHistory> read(Path file) throws IOException, CurveFileException {
        try (InputStream in = open(file);
                Reader reader = new InputStreamReader(in, UTF_8);
                CSVParser parser = CSVFormat.DEFAULT
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .setTrim(true)
                        .setIgnoreEmptyLines(true)
                        .setAllowMissingColumnNames(true)
                        .get()
                        .parse(reader)) {
            List<String> header = parser.getHeaderNames();
            List<String> missing =
                    NEEDED.stream().filter(name -> !header.contains(name)).toList();
            if (!missing.isEmpty()) {
                throw new CurveFileException(file + ": missing columns " + missing + "; found " + header);
            }
            return runs(file, parser);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new CurveFileException(file + ": not CSV: " + e.getMessage());
        }
    }

    private static List<RunHistory> runs(Path file, CSVParser parser) throws CurveFileException {
        Map<List<String>, List<Row>> rows = new LinkedHashMap<>();
        Map<List<String>, Double> params = new LinkedHashMap<>();
        for (CSVRecord line : parser) {
            String run = cell(line, "run");
            if (run == null) {
                throw new CurveFileException(where(file, line) + "the run is empty");
            }
            String family = cell(line, "family");
            List<String> key = List.of(family == null ? "" : family, run);
            rows.computeIfAbsent(key, unseen -> new ArrayList<>()).add(row(file, line));
            Double size = number(file, line, "params");
            if (size != null) {
                params.putIfAbsent(key, size);
            }
        }
        if (rows.isEmpty()) {
            throw new CurveFileException(file + ": holds no rows");
        }
        return rows.entrySet().stream()
                .map(entry -> new RunHistory(
                        entry.getKey().get(0), entry.getKey().get(1), params.get(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static Row row(Path file, CSVRecord line) throws CurveFileException {
        Double step = number(file, line, "step");
        if (step == null || !(step >= 0) || step != Math.rint(step) || step > 0x1p53) {
            throw new CurveFileException(
                    where(file, line) + "step is " + cell(line, "step") + ": it must be a whole number of 0 or more");
        }
        String split = cell(line, "split");
        return new Row(
                step.longValue(),
                number(file, line, "tokens"),
                number(file, line, "lr"),
                number(file, line, "loss"),
                split == null ? DEFAULT_SPLIT : split,
                number(file, line, "grad_norm"),
                count(file, line, "nan_iters"),
                time(file, line));
    }

    private static @Nullable Double number(Path file, CSVRecord line, String column) throws CurveFileException {
        String cell = cell(line, column);
        if (cell == null) {
            return null;
        }
        try {
            return switch (cell.toLowerCase(Locale.ROOT)) {
                case "nan" -> Double.NaN;
                case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> Double.valueOf(cell);
            };
        } catch (NumberFormatException e) {
            throw new CurveFileException(where(file, line) + column + " is not a number: " + cell);
        }
    }

    private static @Nullable Long count(Path file, CSVRecord line, String column) throws CurveFileException {
        Double value = number(file, line, column);
        if (value != null && (!(value >= 0) || value != Math.rint(value) || value > 0x1p53)) {
            throw new CurveFileException(where(file, line) + column + " is " + cell(line, column)
                    + ": it must be a whole number of 0 or more");
        }
        return value == null ? null : (Long) value.longValue();
    }

    private static @Nullable Instant time(Path file, CSVRecord line) throws CurveFileException {
        String cell = cell(line, "time");
        if (cell == null) {
            return null;
        }
        try {
            return cell.indexOf('T') > 0
                    ? Instant.parse(cell)
                    : Instant.ofEpochMilli(Math.round(Double.parseDouble(cell) * 1000));
        } catch (DateTimeException | NumberFormatException e) {
            throw new CurveFileException(
                    where(file, line) + "time is neither ISO 8601 nor seconds since 1970: " + cell);
        }
    }

    private static @Nullable String cell(CSVRecord line, String column) {
        String cell = line.isSet(column) ? line.get(column) : "";
        return cell.isEmpty() ? null : cell;
    }

    private static String where(Path file, CSVRecord line) {
        return file + ", row " + line.getRecordNumber() + ": ";
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in) : in;
    }
}
