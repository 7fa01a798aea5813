package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** A command line that was run inside the test, with what it printed. Standard output is the process's: one at a time. */
record CommandLineRun(int exit, String out, String err) {

    static CommandLineRun of(String... arguments) {
        return of(Straightedge::commandLine, arguments);
    }

    static synchronized CommandLineRun of(Supplier<CommandLine> lines, String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            // Made only now, as it prints to what standard output is when it is made.
            CommandLine line = lines.get();
            line.setErr(new PrintWriter(err, true));
            int exit = line.execute(arguments);
            return new CommandLineRun(exit, out.toString(UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    /** Standard output as one JSON object. */
    @SuppressWarnings("unchecked")
    Map<String, Object> json() throws MessageException {
        return Json.read(out.getBytes(UTF_8), Map.class);
    }
}
