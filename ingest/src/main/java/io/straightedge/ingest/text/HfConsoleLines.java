package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.Wanted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Hugging Face Trainer's console: <code>{'loss': 2.3, 'grad_norm': 1.2, 'learning_rate': 1e-05, 'epoch': 0.1}</code>.
 * Such a line has no step. The progress bar, {@code 10%|# | 10/100 [00:10<01:30]}, is drawn again right after it and has:
 * one loss between two bars is that of the second bar's step.
 *
 * <p>Where standard output is buffered, losses come in heaps, far from their bars. Several losses between two bars are
 * therefore not read. Neither are evaluations, after which the bar of the evaluation may come first.
 */
final class HfConsoleLines implements LineGrammar {

    private static final Pattern BAR =
            Pattern.compile("\\s*+[0-9]{1,3}+%\\|[^|]{0,400}+\\| ([0-9]{1,15}+)/([0-9]{1,15}+) \\[");

    private final Wanted wanted;
    private @Nullable Map<String, String> held;
    private boolean barBefore;
    private boolean heap;

    HfConsoleLines(Wanted wanted) {
        this.wanted = wanted;
    }

    @Override
    public void read(String line, Told told) {
        if (line.contains("%|")) {
            Matcher bar = BAR.matcher(line);
            if (bar.lookingAt()) {
                bar(Long.parseLong(bar.group(1)), bar.group(2), line, told);
            }
        } else if (line.startsWith("{'") && line.contains("'epoch':")) {
            heap |= held != null || !barBefore;
            held = line.startsWith("{'loss':") ? fields(line) : held;
        }
    }

    private void bar(long step, String planned, String line, Told told) {
        barBefore = true;
        Map<String, String> numbers = held;
        if (numbers != null && heap) {
            told.unreadable("losses come in heaps, far from the bar that has their steps: set PYTHONUNBUFFERED=1");
        } else if (numbers != null) {
            told.config("max_steps", planned);
            LineRow row = new LineRow(step, line);
            numbers.forEach((name, value) -> {
                Metric metric = wanted.of(name);
                if (metric != null && metric.role() != Role.STEP) {
                    row.put(metric, value);
                }
            });
            row.give(told);
        }
        held = null;
        heap = false;
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        int end = line.lastIndexOf('}');
        Fields.listed(
                line.replace("':", "'="),
                1,
                end < 0 ? line.length() : end,
                (name, value) -> fields.put(bare(name), bare(value)));
        return fields;
    }

    private static String bare(String quoted) {
        return quoted.replace("'", "").strip();
    }
}
