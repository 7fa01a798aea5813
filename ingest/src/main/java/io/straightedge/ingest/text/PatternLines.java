package io.straightedge.ingest.text;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.protocol.run.LossObservation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines that match the user's own pattern. A pattern that looks at a line's characters over and over is given up for
 * that line, which is unreadable then, rather than let hold up whoever follows many files.
 */
final class PatternLines implements LineGrammar {

    private static final List<String> NAMES = List.of("lr", "gradnorm", "tokens", "samples", "split");

    private final Pattern pattern;
    private final List<String> names;

    /**
     * Reads with the pattern of the options.
     *
     * @throws IllegalArgumentException when there is none, or it lacks the groups step and loss
     */
    PatternLines(SourceOptions options) {
        Pattern given = options.line();
        if (given == null) {
            throw new IllegalArgumentException("the format pattern needs the pattern of a line, with groups named step"
                    + " and loss: (?<step>\\d+) .* loss (?<loss>\\S+)");
        }
        if (!names(given, "step") || !names(given, "loss")) {
            throw new IllegalArgumentException(
                    "the pattern of a line lacks a group named step or loss: write (?<step>\\d+) and (?<loss>\\S+)");
        }
        pattern = given;
        names = NAMES.stream().filter(name -> names(given, name)).toList();
    }

    @Override
    public void read(String line, Told told) {
        Matcher matcher = pattern.matcher(new CountedText(line));
        try {
            if (matcher.find()) {
                matched(matcher, line, told);
            }
        } catch (CountedText.ExhaustedException | StackOverflowError e) {
            told.unreadable("the pattern of a line takes too long on it");
        }
    }

    private void matched(Matcher matcher, String line, Told told) {
        String stepText = matcher.group("step");
        Long step = stepText == null ? null : LogNumber.step(stepText);
        String loss = matcher.group("loss");
        if (step == null || loss == null) {
            told.unreadable("the step is no whole number, or there is no loss");
            return;
        }
        String split = group(matcher, "split");
        LineRow.of(
                        step,
                        line,
                        new Metric(Role.LOSS, split == null || split.isBlank() ? LossObservation.TRAIN : split.strip()),
                        loss)
                .put(LineRow.LR, group(matcher, "lr"))
                .put(LineRow.GRAD_NORM, group(matcher, "gradnorm"))
                .put(new Metric(Role.TOKENS, LossObservation.TRAIN), group(matcher, "tokens"))
                .put(new Metric(Role.SAMPLES, LossObservation.TRAIN), group(matcher, "samples"))
                .give(told);
    }

    private @Nullable String group(Matcher matcher, String name) {
        return names.contains(name) ? matcher.group(name) : null;
    }

    private static boolean names(Pattern pattern, String group) {
        return pattern.pattern().contains("(?<" + group + ">");
    }
}
