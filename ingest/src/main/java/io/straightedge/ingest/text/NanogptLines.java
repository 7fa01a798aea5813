package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * nanoGPT: {@code iter 100: loss 3.1234, time 120.00ms, mfu 30.00%} and {@code step 1000: train loss 3.1, val loss
 * 3.2}. The second's train loss is an estimate over batches of its own and not the step's: its split is {@code
 * train-eval}.
 */
final class NanogptLines implements LineGrammar {

    private static final Pattern ITERATION = Pattern.compile("iter ([0-9]{1,15}+): loss ([^\\s,]++)");
    private static final Pattern EVALUATION =
            Pattern.compile("step ([0-9]{1,15}+): train loss ([^\\s,]++), val loss ([^\\s,]++)");
    private static final Pattern OVERRIDING = Pattern.compile("Overriding: ([A-Za-z_]\\w{0,60}+) = (\\S.{0,200}+)");
    private static final String TOKENS = "tokens per iteration will be: ";
    private static final Metric TRAIN_EVALUATION = new Metric(Role.LOSS, "train-eval");

    @Override
    public void read(String line, Told told) {
        if (line.startsWith("iter ") && line.contains(": loss ")) {
            Matcher iteration = ITERATION.matcher(line);
            if (iteration.lookingAt()) {
                LineRow.of(Long.parseLong(iteration.group(1)), line, LineRow.LOSS, iteration.group(2))
                        .give(told);
            } else {
                told.unreadable("not a line iter STEP: loss LOSS");
            }
        } else if (line.startsWith("step ") && line.contains(": train loss ")) {
            Matcher evaluation = EVALUATION.matcher(line);
            if (evaluation.lookingAt()) {
                LineRow.of(Long.parseLong(evaluation.group(1)), line, TRAIN_EVALUATION, evaluation.group(2))
                        .put(LineRow.VALIDATION, evaluation.group(3))
                        .give(told);
            } else {
                told.unreadable("not a line step STEP: train loss LOSS, val loss LOSS");
            }
        } else if (line.startsWith(TOKENS)) {
            told.header();
            told.config(
                    "tokens_per_iter",
                    line.substring(TOKENS.length()).replace(",", "").strip());
        } else if (line.startsWith("Overriding: ")) {
            Matcher overriding = OVERRIDING.matcher(line);
            if (overriding.matches()) {
                told.config(overriding.group(1), overriding.group(2).strip());
            }
        }
    }
}
