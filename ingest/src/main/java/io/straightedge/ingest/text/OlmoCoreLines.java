package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.StepRow;
import io.straightedge.ingest.metric.Wanted;
import io.straightedge.ingest.source.Item;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * OLMo-core: a line that ends with {@code [step=120/5000,epoch=1,eta=1:23:45]} and the indented lines that follow it,
 * {@code     train/CE loss=2.413}. A step's losses are given when its block ends.
 */
final class OlmoCoreLines implements LineGrammar {

    private static final Pattern STEP =
            Pattern.compile("\\[step=([0-9]++(?:,[0-9]{3})*+)(?:/([0-9]++(?:,[0-9]{3})*+))?+,epoch=");
    private static final Pattern VALUE = Pattern.compile("\\s{2,12}+([^\\s=][^=]{0,199}+)=(\\S++)\\s*+");

    private final Wanted wanted;
    private StepRow row = new StepRow(null);
    private long step = -1;
    private @Nullable Instant time;

    OlmoCoreLines(Wanted wanted) {
        this.wanted = wanted;
    }

    @Override
    public void read(String line, Told told) {
        if (step >= 0 && line.startsWith("  ")) {
            value(line, told);
            return;
        }
        pause(told);
        step = -1;
        if (line.contains("[step=")) {
            begin(line, told);
        }
    }

    @Override
    public void pause(Told told) {
        row.flush(item -> told.point((Item.Point) item));
    }

    private void begin(String line, Told told) {
        Matcher matcher = STEP.matcher(line);
        Long number = matcher.find() ? LogNumber.step(matcher.group(1)) : null;
        if (number == null) {
            told.unreadable("a step line without its step");
            return;
        }
        step = number;
        time = LineTime.of(line);
        row = new StepRow(null);
        if (matcher.group(2) != null) {
            told.config("max_steps", matcher.group(2).replace(",", ""));
        }
    }

    private void value(String line, Told told) {
        Matcher matcher = VALUE.matcher(line);
        Metric metric = matcher.matches() ? wanted.of(matcher.group(1)) : null;
        if (metric == null || metric.role() == Role.STEP) {
            return;
        }
        Double number = LogNumber.of(matcher.group(2));
        if (number == null && metric.role() == Role.LOSS) {
            told.unreadable(matcher.group(1) + " is no number");
        } else if (number != null) {
            row.add(metric, step, number, time, item -> told.point((Item.Point) item));
        }
    }
}
