package io.straightedge.deploy.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Published IsoFLOP sets as pilot sets: the target is the run of the least loss among those of the largest budget, the pilots
 * are the runs of all smaller ones.
 *
 * <p>Rows marked as outliers are left out. Of the sets on schedules only those count whose schedules were fitted to the length of
 * each run or tuned, and of each only the validation losses by the standard count of parameters.
 */
final class PublishedIsoFlops {

    static final List<String> FOLDERS = List.of("isoflops", "porian");

    /** Budgets nearer than this to the largest are the largest. */
    private static final double SAME_BUDGET = 0.9;

    private PublishedIsoFlops() {}

    private record Row(PilotRun run, double budgetFlops) {}

    /** The families of {@code folder} of the data folder, by name. */
    static List<PilotSet> read(Path data, String folder) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve(folder).resolve("finals.csv"));
        List<String> names = Arrays.asList(lines.get(0).split(",", -1));
        int outlier = names.indexOf("outlier");
        int budget = Math.max(names.indexOf("budget"), names.indexOf("flops"));
        Map<String, List<Row>> families = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            if (counts(cell[0]) && (outlier < 0 || cell[outlier].equals("0"))) {
                PilotRun run = new PilotRun(
                        cell[1], Double.parseDouble(cell[2]), Double.parseDouble(cell[3]), Double.parseDouble(cell[5]));
                families.computeIfAbsent(cell[0], absent -> new ArrayList<>())
                        .add(new Row(run, Double.parseDouble(cell[budget])));
            }
        }
        return families.entrySet().stream()
                .map(family -> set(family.getKey(), family.getValue()))
                .toList();
    }

    private static boolean counts(String family) {
        boolean fitted = family.contains("_tuned_") || family.contains("decay-chinchilla");
        return !family.startsWith("porian") || (fitted && family.endsWith("standard_val"));
    }

    private static PilotSet set(String name, List<Row> rows) {
        double largest =
                SAME_BUDGET * rows.stream().mapToDouble(Row::budgetFlops).max().orElseThrow();
        PilotRun target = rows.stream()
                .filter(row -> row.budgetFlops() >= largest)
                .map(Row::run)
                .min(Comparator.comparingDouble(PilotRun::lossNats))
                .orElseThrow();
        return new PilotSet(
                name,
                rows.stream()
                        .filter(row -> row.budgetFlops() < largest)
                        .map(Row::run)
                        .toList(),
                target);
    }
}
