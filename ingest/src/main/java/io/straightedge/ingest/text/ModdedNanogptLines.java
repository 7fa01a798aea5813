package io.straightedge.ingest.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * modded-nanogpt: {@code step:4996/20344 train_loss:3.0134 train_time:...} and {@code step:5000/20344 val_loss:3.2}.
 * Its train loss is the one of the rank that writes the log. A log begins with the program's own source, which gives it
 * away by the line that prints these.
 */
final class ModdedNanogptLines implements LineGrammar {

    private static final Pattern LINE =
            Pattern.compile("(?<![A-Za-z0-9_])step:([0-9]{1,15}+)/([0-9]{1,15}+) (train|val)_loss:([^\\s,]++)");

    @Override
    public void read(String line, Told told) {
        if (!line.contains("_loss:") || !line.contains("step:")) {
            return;
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.find()) {
            if (line.contains("step:{") && line.contains("_loss:{")) {
                told.header();
            }
            return;
        }
        told.config("max_steps", matcher.group(2));
        boolean train = matcher.group(3).equals("train");
        if (train) {
            told.config("straightedge.lossReduction", "rank-local");
        }
        LineRow.of(Long.parseLong(matcher.group(1)), line, train ? LineRow.LOSS : LineRow.VALIDATION, matcher.group(4))
                .give(told);
    }
}
