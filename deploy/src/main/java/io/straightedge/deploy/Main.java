package io.straightedge.deploy;

import io.straightedge.deploy.command.Straightedge;

/** Entry of the {@code straightedge} command. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Straightedge.run(arguments));
    }
}
