package io.straightedge.deploy.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What lets a client in. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {"Makes and lists the tokens that clients of the HTTP server show.", ""},
        subcommands = {TokenNewCommand.class, TokenListCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge token new --name cluster-a --ingest 'proj*' --file tokens",
            "  straightedge token new --name grace --read '*' --admin 'proj*' --expires 2027-01-01T00:00:00Z --file tokens",
            "  straightedge token list --file tokens",
            "  straightedge up --http-host 0.0.0.0 --tokens tokens --tls-cert cert.pem --tls-key key.pem",
            "To revoke a token, delete its line: running servers notice within seconds."
        })
final class TokenCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: new or list");
    }
}
