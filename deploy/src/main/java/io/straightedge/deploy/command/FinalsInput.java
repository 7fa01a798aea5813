package io.straightedge.deploy.command;

import io.straightedge.ingest.finals.Condition;
import io.straightedge.ingest.finals.Finals;
import io.straightedge.ingest.finals.FinalsOptions;
import io.straightedge.ingest.finals.FinalsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Files of final losses, and which of their rows to take for what. */
final class FinalsInput {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV files of final losses or of curves; .gz too.")
    private List<Path> files = List.of();

    @Option(
            names = "--column",
            paramLabel = "COLUMN=HEADER",
            description =
                    "Take a column from this header: params, tokens, flops, loss, family, run, budget, step, split, unit."
                            + " An empty HEADER leaves it out. May be given several times.")
    private List<String> columns = List.of();

    @Option(
            names = "--family",
            paramLabel = "NAME",
            description = "Take this family only, several when given several times; all: mix those there are.")
    private List<String> families = List.of();

    @Option(
            names = "--where",
            paramLabel = "COLUMN=VALUE",
            description = "Take rows that meet this, with = != < <= > or >=; all of them when given several times.")
    private List<String> where = List.of();

    @Option(
            names = "--tokens-from-flops",
            description = "Take D = C/(6N), whatever the tokens say; done anyway where there are none.")
    private boolean tokensFromFlops;

    @Option(
            names = "--drop-highest-loss",
            paramLabel = "K",
            defaultValue = "0",
            description = "Drop every point whose loss is not below the K-th largest.")
    private int dropHighestLoss;

    @Option(names = "--last-per-run", description = "Take the last row of each run; done anyway where rows have steps.")
    private boolean lastPerRun;

    @Option(
            names = "--skip-bad-rows",
            description = "Count rows with a number that cannot be used, instead of refusing the file.")
    private boolean skipBadRows;

    /** Reads them. */
    Finals read(boolean wholeCurves) throws IOException {
        FinalsOptions.Checkpoints checkpoints = lastPerRun
                ? FinalsOptions.Checkpoints.LAST
                : wholeCurves ? FinalsOptions.Checkpoints.ALL : FinalsOptions.Checkpoints.AUTO;
        return FinalsReader.read(
                files,
                new FinalsOptions(
                        byHand(),
                        families,
                        where.stream().map(Condition::parse).toList(),
                        tokensFromFlops,
                        dropHighestLoss,
                        checkpoints,
                        skipBadRows));
    }

    private Map<String, String> byHand() {
        Map<String, String> map = new LinkedHashMap<>();
        for (String column : columns) {
            int equals = column.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("--column " + column + ": write COLUMN=HEADER");
            }
            map.put(
                    column.substring(0, equals).trim(),
                    column.substring(equals + 1).trim());
        }
        return map;
    }
}
