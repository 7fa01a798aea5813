package io.straightedge.deploy.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Rows and columns of the terminal, which Java cannot tell: {@code stty} can.
 *
 * @param rows at least 5
 * @param columns at least 20
 */
record TerminalSize(int rows, int columns) {

    /** Where nothing can be found out: what a terminal has at least. */
    static final TerminalSize USUAL = new TerminalSize(24, 80);

    /** The size now. */
    static TerminalSize now() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
            if (ended && stty.exitValue() == 0) {
                return of(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            }
            stty.destroyForcibly();
        } catch (IOException e) {
            // No such program, or no terminal.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return USUAL;
    }

    /** The size in the words of {@code stty}: {@code 24 80}. */
    static TerminalSize of(String text) {
        String[] words = text.strip().split(" ", -1);
        boolean two = words.length == 2 && words[0].matches("\\d{1,4}") && words[1].matches("\\d{1,4}");
        int rows = two ? Integer.parseInt(words[0]) : 0;
        int columns = two ? Integer.parseInt(words[1]) : 0;
        return rows < 5 || columns < 20 ? USUAL : new TerminalSize(rows, columns);
    }
}
