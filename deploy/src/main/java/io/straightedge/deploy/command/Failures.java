package io.straightedge.deploy.command;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What to say of a failure, in words that its reader can act on. */
final class Failures {

    private Failures() {}

    static String message(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no file " + failure.getMessage();
        }
        if (failure instanceof AccessDeniedException) {
            return "no permission to use " + failure.getMessage();
        }
        Throwable told = failure;
        while (told.getMessage() == null && told.getCause() != null) {
            told = told.getCause();
        }
        return told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage();
    }
}
