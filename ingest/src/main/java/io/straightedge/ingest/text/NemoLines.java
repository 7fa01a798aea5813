package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.SourceOptions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * NeMo: {@code Training epoch 0, iteration 9/99 | lr: 1e-4 | global_step: 9 | reduced_train_loss: 11.03 | ...}, and
 * the progress bar, {@code [..., reduced_train_loss=2.41, global_step=120.0, consumed_samples=480.0]}.
 *
 * <p>The bar is drawn again and again: a step's loss is given once. A validation loss stays on every line until the next
 * one: it is given when it differs from the one shown before. A bar rounds to three digits where that is shorter, and
 * writes an exponent then: 1999 and 2000 both become {@code 2e+3}. Such samples are left out, and such a step makes the
 * line unreadable.
 */
final class NemoLines implements LineGrammar {

    private static final String LOSS_NAME = "reduced_train_loss";

    private final Wanted wanted;
    private final Map<Metric, String> shown = new HashMap<>();
    private long lastStep = -1;

    /** Reads reduced_train_loss: {@code loss} beside it is a running mean of the bar's own. */
    NemoLines(SourceOptions options) {
        Map<String, String> columns = new LinkedHashMap<>(options.columns());
        columns.putIfAbsent("loss", LOSS_NAME);
        wanted = new Wanted(columns);
    }

    @Override
    public void read(String line, Told told) {
        int loss = line.indexOf(LOSS_NAME);
        if (loss < 0 || !line.contains("global_step")) {
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        boolean bar = line.startsWith("=", loss + LOSS_NAME.length());
        if (bar) {
            int open = line.lastIndexOf('[', loss);
            int close = line.indexOf(']', loss);
            Fields.listed(line, open + 1, close < 0 ? line.length() : close, fields::putIfAbsent);
        } else {
            Fields.piped(line, line.indexOf('|') + 1, fields::putIfAbsent);
        }
        String stepText = fields.remove("global_step");
        Long step = stepText == null || rounded(stepText) ? null : LogNumber.step(stepText);
        if (step == null) {
            told.unreadable("the global_step is not a whole number that was not rounded");
        } else {
            row(step, bar, fields, line, told);
        }
    }

    private void row(long step, boolean bar, Map<String, String> fields, String line, Told told) {
        LineRow row = new LineRow(step, line);
        boolean drawnAgain = bar && step == lastStep;
        if (step < lastStep) {
            shown.clear();
        }
        lastStep = step;
        fields.forEach((name, value) -> {
            Metric metric = wanted.of(name);
            if (metric == null) {
                return;
            }
            if (metric.role() == Role.LOSS) {
                boolean validation = !metric.equals(LineRow.LOSS);
                if (validation ? value.equals(shown.put(metric, value)) : drawnAgain) {
                    return;
                }
            }
            if (!(bar && metric.role() == Role.SAMPLES && rounded(value))) {
                row.put(metric, value);
            }
        });
        row.give(told);
    }

    private static boolean rounded(String number) {
        return number.indexOf('e') >= 0;
    }
}
