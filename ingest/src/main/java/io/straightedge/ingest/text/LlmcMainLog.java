package io.straightedge.ingest.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** llm.c's main.log: {@code s:1991 trl:3.9052 lr:0.000593 norm:0.29} and {@code s:0 tel:11.0092}. */
final class LlmcMainLog implements LineGrammar {

    private static final Pattern LINE =
            Pattern.compile("s:([0-9]{1,15}+) (trl|tel):(\\S++)(?: lr:(\\S++))?+(?: norm:(\\S++))?+\\s*+");

    @Override
    public void read(String line, Told told) {
        if (!line.startsWith("s:")) {
            return;
        }
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
            LineRow.of(
                            Long.parseLong(matcher.group(1)),
                            line,
                            matcher.group(2).equals("trl") ? LineRow.LOSS : LineRow.VALIDATION,
                            matcher.group(3))
                    .put(LineRow.LR, matcher.group(4))
                    .put(LineRow.GRAD_NORM, matcher.group(5))
                    .give(told);
        } else if (line.contains(" trl:") || line.contains(" tel:")) {
            told.unreadable("not a line s:STEP trl:LOSS or s:STEP tel:LOSS");
        }
    }
}
