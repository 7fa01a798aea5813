package io.straightedge.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be done about alerts without a broker. */
@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        description = {"Tries the ways by which alerts reach people.", ""},
        subcommands = AlertsTestCommand.class)
final class AlertsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: alerts test");
    }
}
