package io.straightedge.fitter.law;

import io.straightedge.fitter.data.RealData;
import java.util.Arrays;
import java.util.List;

/** The 245 points of Chinchilla's figure 4, tokens as FLOPs/(6N). */
final class EpochData {

    final double[] params;
    final double[] tokens;
    final double[] loss;

    private EpochData(int n) {
        params = new double[n];
        tokens = new double[n];
        loss = new double[n];
    }

    /** All rows, in the file's order; skips the test where the data is not there. */
    static EpochData all() {
        List<String> lines = RealData.lines("epoch_chinchilla/svg_extracted_data.csv");
        EpochData data = new EpochData(lines.size() - 1);
        for (int i = 1; i < lines.size(); i++) {
            String[] cell = lines.get(i).split(",", -1);
            data.params[i - 1] = Double.parseDouble(cell[3]);
            data.tokens[i - 1] = Double.parseDouble(cell[4]) / (6 * data.params[i - 1]);
            data.loss[i - 1] = Double.parseDouble(cell[6]);
        }
        return data;
    }

    /** Without the five highest losses, as Epoch's published fit. */
    static EpochData published() {
        EpochData all = all();
        double[] sorted = all.loss.clone();
        Arrays.sort(sorted);
        double bound = sorted[sorted.length - 5];
        int n = (int) Arrays.stream(all.loss).filter(l -> l < bound).count();
        int[] rows = new int[n];
        int at = 0;
        for (int i = 0; i < all.loss.length; i++) {
            if (all.loss[i] < bound) {
                rows[at++] = i;
            }
        }
        return all.rows(rows);
    }

    EpochData rows(int[] rows) {
        EpochData out = new EpochData(rows.length);
        for (int i = 0; i < rows.length; i++) {
            out.params[i] = params[rows[i]];
            out.tokens[i] = tokens[rows[i]];
            out.loss[i] = loss[rows[i]];
        }
        return out;
    }

    LawPoints points() {
        return LawPoints.of(params, tokens, loss);
    }
}
