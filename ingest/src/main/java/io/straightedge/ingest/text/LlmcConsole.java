package io.straightedge.ingest.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What llm.c prints: {@code step  100/19560 | loss 6.12 (+1.2z)| norm 1.2 (+0.3z)| lr 1.00e-04 | ...}, a table of
 * settings, {@code num_parameters: 124475904 => ...}, and {@code val loss 3.4} without a step: it is taken before the next step is made, and so waits for that
 * step's line, except after the last.
 */
final class LlmcConsole implements LineGrammar {

    private static final Pattern STEP = Pattern.compile(
            "step\\s{1,15}+([0-9]{1,15}+)/([0-9]{1,15}+) \\| (?:train )?+loss (\\S++) (?:\\([^)|]{0,20}+\\))?+\\s?+\\| norm (\\S++) (?:\\([^)|]{0,20}+\\))?+\\s?+\\| lr (\\S++)");
    private static final Pattern SETTING =
            Pattern.compile("\\| ([a-zA-Z][a-zA-Z0-9_ ()*]{0,40}+)\\|([^|]{1,200}+)\\|\\s*+");
    private static final String VAL_LOSS = "val loss ";
    private static final String PARAMETERS = "num_parameters: ";

    private @Nullable String validation;
    private boolean last;
    private long step;

    @Override
    public void read(String line, Told told) {
        if (line.startsWith("step") && line.contains("loss")) {
            step(line, told);
        } else if (line.startsWith(VAL_LOSS)) {
            String text = line.substring(VAL_LOSS.length());
            if (last) {
                LineRow.of(step, line, LineRow.VALIDATION, text).give(told);
            } else {
                validation = text;
            }
        } else if (line.startsWith(PARAMETERS)) {
            told.config("num_parameters", line.substring(PARAMETERS.length()).split(" ", 2)[0]);
        } else if (line.startsWith("| ")) {
            setting(line, told);
        }
    }

    private void step(String line, Told told) {
        Matcher matcher = STEP.matcher(line);
        if (!matcher.lookingAt()) {
            return;
        }
        step = Long.parseLong(matcher.group(1));
        last = step == Long.parseLong(matcher.group(2));
        told.config("max_steps", matcher.group(2));
        if (validation != null) {
            LineRow.of(Math.max(0, step - 1), line, LineRow.VALIDATION, validation)
                    .give(told);
            validation = null;
        }
        LineRow.of(step, line, LineRow.LOSS, matcher.group(3))
                .put(LineRow.GRAD_NORM, matcher.group(4))
                .put(LineRow.LR, matcher.group(5))
                .give(told);
    }

    private void setting(String line, Told told) {
        Matcher setting = SETTING.matcher(line);
        if (!setting.matches()) {
            return;
        }
        String name = setting.group(1).strip();
        String value = setting.group(2).strip();
        switch (name) {
            case "Parameter" -> {
                last = false;
                validation = null;
                told.header();
            }
            case "sequence length T" -> told.config("seq_len", value);
            case "total batch size" -> told.config("tokens_per_step", value);
            case "learning rate (LR)" -> told.config("learning_rate", value);
            case "weight decay" -> told.config("weight_decay", value);
            default -> told.config(name, value);
        }
    }
}
