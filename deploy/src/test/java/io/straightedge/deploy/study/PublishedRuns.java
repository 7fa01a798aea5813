package io.straightedge.deploy.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Published ladders as pilot sets: one a family, its target the run of the largest C.
 *
 * <p>A checkpoint (a name with an {@code @}) counts as a run of its own that costs 6ND, as it would if its schedule were
 * fitted to its length. Of a model's checkpoints only those at 1, 2, 4 and 8 times its first are pilots: nobody trains for 80
 * and again for 90 billion tokens. Rows without tokens are left out.
 */
final class PublishedRuns {

    static final List<String> FOLDERS = List.of("olmo_ladder", "gadre", "gemstones");

    private static final double FACTOR_TOLERANCE = 0.02;

    private PublishedRuns() {}

    /** The families of {@code folder} of the data folder, by name. */
    static List<PilotSet> read(Path data, String folder) throws IOException {
        Map<String, List<PilotRun>> families = new TreeMap<>();
        List<String> lines = Files.readAllLines(data.resolve(folder).resolve("finals.csv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            if (!cell[3].isEmpty()) {
                PilotRun run = new PilotRun(
                        cell[1], Double.parseDouble(cell[2]), Double.parseDouble(cell[3]), Double.parseDouble(cell[5]));
                families.computeIfAbsent(cell[0], absent -> new ArrayList<>()).add(run);
            }
        }
        return families.entrySet().stream()
                .map(family -> set(family.getKey(), family.getValue()))
                .toList();
    }

    private static PilotSet set(String name, List<PilotRun> runs) {
        PilotRun target =
                runs.stream().max(Comparator.comparingDouble(PilotRun::flops)).orElseThrow();
        Map<String, Double> first = new TreeMap<>();
        runs.forEach(run -> first.merge(model(run), run.tokens(), Math::min));
        List<PilotRun> pilots = runs.stream()
                .filter(run -> !model(run).equals(model(target)))
                .filter(run ->
                        !run.name().contains("@") || doubled(run.tokens() / first.getOrDefault(model(run), Double.NaN)))
                .toList();
        return new PilotSet(name, pilots, target);
    }

    private static String model(PilotRun run) {
        return run.name().split("@", 2)[0];
    }

    private static boolean doubled(double factor) {
        double doublings = Math.log(factor) / Math.log(2);
        return Math.abs(doublings - Math.rint(doublings)) < FACTOR_TOLERANCE;
    }
}
