package io.straightedge.deploy.command;

import io.straightedge.deploy.node.Alerting;
import io.straightedge.publisher.rule.RuleBook;
import io.straightedge.publisher.rule.RulesFile;
import io.straightedge.publisher.rule.RulesFileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How alerts are raised, and to whom they are told. */
final class AlertOptions {

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description =
                    "YAML file with budget, rules, sinks and routes of alerts; docs/alerts.md has it. Default: the"
                            + " built-in rules, whose only sink is the log.")
    private @Nullable Path rules;

    @Option(names = "--page", paramLabel = "URL", description = "Where people find the dashboard, for links in alerts.")
    private @Nullable URI page;

    Alerting alerting() throws IOException {
        return new Alerting(book(), page);
    }

    private RuleBook book() throws IOException {
        if (rules == null) {
            return RuleBook.DEFAULT;
        }
        try {
            return RulesFile.read(rules);
        } catch (RulesFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
