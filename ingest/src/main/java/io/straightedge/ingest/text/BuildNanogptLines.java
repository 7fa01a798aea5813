package io.straightedge.ingest.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * build-nanogpt: what it prints, {@code step    10 | loss: 3.123456 | lr 6.0000e-04 | norm: 0.2900 | ...}, with
 * {@code validation loss: 3.2} before the line of the step that it was taken at; and its log.txt, {@code 250 train 3.1}
 * and {@code 250 val 3.2}.
 */
final class BuildNanogptLines implements LineGrammar {

    private static final Pattern STEP = Pattern.compile(
            "step\\s{1,15}+([0-9]{1,15}+) \\| loss: (\\S++)(?: \\| lr:? (\\S++))?+(?: \\| norm: (\\S++))?+ ");
    private static final Pattern LOGGED = Pattern.compile("([0-9]{1,15}+) (train|val) ([0-9.naif+-]{1,20}+)");
    private static final String VALIDATION_LOSS = "validation loss: ";

    private @Nullable String validation;

    @Override
    public void read(String line, Told told) {
        if (line.startsWith("step") && line.contains("| loss: ")) {
            step(line, told);
        } else if (line.startsWith(VALIDATION_LOSS)) {
            validation = line.substring(VALIDATION_LOSS.length());
        } else if (line.length() > 60) {
            return;
        } else if (line.contains(" train ") || line.contains(" val ")) {
            Matcher logged = LOGGED.matcher(line);
            if (logged.matches()) {
                boolean train = logged.group(2).equals("train");
                LineRow.of(
                                Long.parseLong(logged.group(1)),
                                line,
                                train ? LineRow.LOSS : LineRow.VALIDATION,
                                logged.group(3))
                        .give(told);
            }
        }
    }

    private void step(String line, Told told) {
        Matcher matcher = STEP.matcher(line);
        if (!matcher.lookingAt()) {
            told.unreadable("not a line step STEP | loss: LOSS | ...");
            return;
        }
        long step = Long.parseLong(matcher.group(1));
        if (validation != null) {
            LineRow.of(step, line, LineRow.VALIDATION, validation).give(told);
            validation = null;
        }
        LineRow.of(step, line, LineRow.LOSS, matcher.group(2))
                .put(LineRow.LR, matcher.group(3))
                .put(LineRow.GRAD_NORM, matcher.group(4))
                .give(told);
    }
}
