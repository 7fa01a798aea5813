package io.straightedge.fitter.law;

import io.straightedge.fitter.data.RealData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The IsoFLOP sets of the data folder, without the points screened out by their collectors, budgets of three points or more. */
final class IsoFlopSets {

    private static final int FAMILY = 0;
    private static final int PARAMS = 2;
    private static final int TOKENS = 3;
    private static final int LOSS = 5;
    private static final int BUDGET = 6;
    private static final int OUTLIER = 7;

    private IsoFlopSets() {}

    /** By family; C is the label of the budget. Skips the test where the data is not there. */
    static Map<String, LawPoints> screened() {
        Map<String, List<String[]>> rows = new LinkedHashMap<>();
        List<String> lines = RealData.lines("isoflops/finals.csv");
        for (String line : lines.subList(1, lines.size())) {
            String[] cell = line.split(",", -1);
            if (cell[OUTLIER].equals("0")) {
                rows.computeIfAbsent(cell[FAMILY], family -> new ArrayList<>()).add(cell);
            }
        }
        Map<String, LawPoints> sets = new LinkedHashMap<>();
        rows.forEach((family, cells) -> sets.put(family, points(cells)));
        return sets;
    }

    private static LawPoints points(List<String[]> cells) {
        Map<String, Integer> inBudget = new HashMap<>();
        cells.forEach(cell -> inBudget.merge(cell[BUDGET], 1, Integer::sum));
        List<String[]> kept = cells.stream()
                .filter(cell -> inBudget.getOrDefault(cell[BUDGET], 0) >= 3)
                .toList();
        int n = kept.size();
        double[][] columns = new double[5][n];
        int[] run = new int[n];
        for (int i = 0; i < n; i++) {
            columns[0][i] = Double.parseDouble(kept.get(i)[PARAMS]);
            columns[1][i] = Double.parseDouble(kept.get(i)[TOKENS]);
            columns[2][i] = Double.parseDouble(kept.get(i)[BUDGET]);
            columns[3][i] = Double.parseDouble(kept.get(i)[LOSS]);
            columns[4][i] = 1;
            run[i] = i;
        }
        return LawPoints.of(columns[0], columns[1], columns[2], columns[3], columns[4], run);
    }
}
