package io.straightedge.publisher.rule;

import java.util.List;

/** A rules file that says what it may not; the message has a line {@code file:line:column: what} for everything wrong. */
public final class RulesFileException extends Exception {

    private static final long serialVersionUID = 1;

    RulesFileException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
