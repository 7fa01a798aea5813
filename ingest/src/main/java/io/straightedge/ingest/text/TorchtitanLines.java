package io.straightedge.ingest.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * torchtitan: {@code step: 10  loss:  7.12345  grad_norm:  1.2345  memory: ...}, {@code validate step: 10  loss:  7.1},
 * and the sizes that it logs before its first step.
 */
final class TorchtitanLines implements LineGrammar {

    private static final Pattern STEP = Pattern.compile(
            "(validate )?+(?<![A-Za-z_])step:\\s{0,20}+([0-9]{1,15}+)\\s{1,20}+loss:\\s{0,20}+([^\\s|,]++)(?:\\s{1,20}+grad_norm:\\s{0,20}+(\\S++))?+");
    private static final Pattern SIZE =
            Pattern.compile("(global batch size|sequence length|total steps|warmup) ([0-9]{1,15}+)");
    private static final String SIZES = "Trainer is initialized with ";
    private static final Pattern PARAMETERS = Pattern.compile("size: ([0-9,]{1,30}+) total parameters");

    @Override
    public void read(String line, Told told) {
        if (line.contains("step:") && line.contains("loss:")) {
            Matcher step = STEP.matcher(line);
            if (step.find()) {
                boolean validation = step.group(1) != null;
                LineRow.of(
                                Long.parseLong(step.group(2)),
                                line,
                                validation ? LineRow.VALIDATION : LineRow.LOSS,
                                step.group(3))
                        .put(LineRow.GRAD_NORM, step.group(4))
                        .give(told);
            }
        } else if (line.contains(SIZES)) {
            told.header();
            Matcher size = SIZE.matcher(line);
            while (size.find()) {
                told.config(setting(size.group(1)), size.group(2));
            }
        } else if (line.contains(" total parameters")) {
            Matcher parameters = PARAMETERS.matcher(line);
            if (parameters.find()) {
                told.config("num_parameters", parameters.group(1).replace(",", ""));
            }
        }
    }

    private static String setting(String words) {
        return switch (words) {
            case "global batch size" -> "training.global_batch_size";
            case "sequence length" -> "training.seq_len";
            case "total steps" -> "training.steps";
            default -> "lr_scheduler.warmup_steps";
        };
    }
}
