package io.straightedge.fitter.data;

import io.straightedge.protocol.run.Schedule;
import io.straightedge.protocol.run.ScheduleKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Reads the data folder named by the system property {@code straightedge.data}. */
public final class RealData {

    private RealData() {}

    /** One logged loss; the learning rate is NaN when it was not logged. */
    public record Point(long step, double lr, double loss) {}

    /** One run's curve, rising in steps. */
    public record Curve(String run, List<Point> points) {

        /** Last step. */
        public long end() {
            return points.get(points.size() - 1).step();
        }

        /** Mean loss of the last 2 % of the steps. */
        public double target() {
            return points.stream()
                    .filter(p -> p.step() >= 0.98 * end())
                    .mapToDouble(Point::loss)
                    .average()
                    .orElseThrow();
        }

        /** The logged learning rate as a schedule; null when it was not logged at every point. */
        public @Nullable Schedule schedule() {
            if (points.stream().anyMatch(p -> Double.isNaN(p.lr()))) {
                return null;
            }
            List<Schedule.Point> rates = points.stream()
                    .map(p -> new Schedule.Point(p.step(), p.lr()))
                    .toList();
            return new Schedule(ScheduleKind.POINTS, null, null, null, null, null, rates);
        }
    }

    /** A file of the data folder; the test is skipped, with the reason, where it is not there. */
    public static Path file(String name) {
        String folder = System.getProperty("straightedge.data", "../../shared/data");
        Path file = Path.of(folder, name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no real data at " + file);
        return file;
    }

    /** Lines of a file of the data folder, unpacked where its name ends in .gz. */
    public static List<String> lines(String name) {
        Path file = file(name);
        try {
            if (!name.endsWith(".gz")) {
                return Files.readAllLines(file);
            }
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All curves of a {@code curves.csv}, by run; rows that step backwards are left out. */
    public static List<Curve> curves(String name) {
        Map<String, List<Point>> rows = new LinkedHashMap<>();
        List<String> lines = lines(name);
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            double lr = cell[6].isEmpty() ? Double.NaN : Double.parseDouble(cell[6]);
            double loss = Double.parseDouble(cell[7].replace("nan", "NaN"));
            Point point = new Point(Long.parseLong(cell[3]), lr, loss);
            List<Point> run = rows.computeIfAbsent(cell[1], key -> new ArrayList<>());
            if (Double.isFinite(loss)
                    && (run.isEmpty() || run.get(run.size() - 1).step() < point.step())) {
                run.add(point);
            }
        }
        List<Curve> curves = new ArrayList<>();
        rows.forEach((run, points) -> curves.add(new Curve(run, points)));
        return curves;
    }
}
