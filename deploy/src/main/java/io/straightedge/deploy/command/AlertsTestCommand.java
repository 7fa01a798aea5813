package io.straightedge.deploy.command;

import io.straightedge.deploy.node.Alerting;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.notify.SinkTrial;
import io.straightedge.publisher.rule.RuleBook;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends a test alert through each sink. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Sends a test alert through each configured sink, firing and then resolved, and says what came back. Routes and"
                    + " silences do not count, and nothing is tried twice. Needs no broker.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every sink took it", "1:a sink did not", "2:the command line or the rules file is wrong"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  straightedge alerts test --rules rules.yaml",
            "  straightedge alerts test --rules rules.yaml --sink pager --severity critical",
            "  straightedge alerts test --rules rules.yaml --json | jq -e .taken"
        })
final class AlertsTestCommand implements Callable<Integer> {

    @Mixin
    private AlertOptions alerts;

    @Option(
            names = "--sink",
            paramLabel = "NAME",
            description = "Only this sink; may be given several times. Default: all.")
    private List<String> only = List.of();

    @Option(
            names = "--severity",
            paramLabel = "SEVERITY",
            defaultValue = "warning",
            description = "How bad the test claims to be: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Severity severity = Severity.WARNING;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Alerting alerting = alerts.alerting();
        RuleBook book = alerting.rules();
        List<String> names = book.sinks().stream().map(sink -> sink.name()).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no sink '" + name + "'; there are: " + String.join(", ", names));
            }
        }
        List<SinkTrial.Result> results = SinkTrial.of(
                        book.sinks().stream()
                                .filter(sink -> only.isEmpty() || only.contains(sink.name()))
                                .toList(),
                        severity,
                        alerting.page(),
                        Clock.systemUTC())
                .doOnNext(this::print)
                .collectList()
                .block();
        return Objects.requireNonNull(results).stream().allMatch(SinkTrial.Result::taken) ? 0 : 1;
    }

    private void print(SinkTrial.Result result) {
        String state = result.state().name().toLowerCase(Locale.ROOT);
        long millis = result.elapsed().toMillis();
        Map<String, Object> forScripts = new LinkedHashMap<>();
        forScripts.put("sink", result.sink());
        forScripts.put("state", state);
        forScripts.put("taken", result.taken());
        forScripts.put("milliseconds", millis);
        if (result.status() != null) {
            forScripts.put("status", result.status());
        }
        if (result.problem() != null) {
            forScripts.put("problem", result.problem());
        }
        String answer = result.problem() == null ? "status " + result.status() : "no answer: " + result.problem();
        output.say(
                forScripts,
                String.format(
                        Locale.ROOT,
                        "%-20s %-9s %-10s %s, %d ms",
                        result.sink(),
                        state,
                        result.taken() ? "taken" : "NOT TAKEN",
                        answer,
                        millis));
    }
}
