package io.straightedge.deploy.command;

import io.straightedge.protocol.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Option;

/** How results are printed: for people, or one JSON object a line for scripts. */
final class OutputOptions {

    @Option(names = "--json", description = "Print JSON for scripts: one object a line.")
    boolean json;

    /** Prints one or the other to standard output. */
    void say(Map<String, ?> forScripts, String forPeople) {
        System.out.println(json ? new String(Json.write(forScripts), StandardCharsets.UTF_8) : forPeople);
        System.out.flush();
    }

    /** The same for a record, whose fields keep their order. */
    void print(Record forScripts, String forPeople) {
        System.out.println(json ? new String(Json.write(forScripts), StandardCharsets.UTF_8) : forPeople);
        System.out.flush();
    }
}
