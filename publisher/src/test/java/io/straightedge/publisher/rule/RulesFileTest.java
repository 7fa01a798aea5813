package io.straightedge.publisher.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.notify.Route;
import io.straightedge.publisher.notify.SinkSpec;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesFileTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "{}", "rules:\n", "---\nbudget: {}\nrules: {drift: }\n"})
    void parse_nothingSaid_isTheDefault(String yaml) throws RulesFileException {
        assertThat(RulesFile.parse("rules.yaml", yaml)).isEqualTo(RuleBook.DEFAULT);
    }

    @Test
    void parse_everythingSaid_isTaken() throws RulesFileException {
        RuleBook book = RulesFile.parse("rules.yaml", """
                budget:
                  run-days-per-page: 2e3
                  run-days-per-warning: 20
                max-age: 2h
                rules:
                  drift: {severity: warning, after-observations: 7, after: 5m, once-per: 1e6, page-nats: .1, page-share: 0.5}
                  gradient:
                    enabled: false
                fleet: {enabled: false, share: 0.5, least-runs: 9, same-step-share: .02, same-steps: 20, same-time: 60s}
                sinks:
                  - name: pager
                    kind: pagerduty
                    secrets: [/run/secrets/pager]
                  - {name: am, kind: alertmanager, url: "http://am:9093", allow-http: true, allow-private: [10.0.0.0/8]}
                routes:
                  - match: {team: vision, run: "7b*"}
                    least: critical
                    sinks: [pager, log]
                  - sinks: [am]
                """);

        assertThat(book.runDaysPerPage()).isEqualTo(2000);
        assertThat(book.runDaysPerWarning()).isEqualTo(20);
        assertThat(book.maxAge()).isEqualTo(Duration.ofHours(2));
        assertThat(book.of(Detector.DRIFT)).isEqualTo(new RuleSettings(true, Severity.WARNING, 7, 300, 1e6, 0.1, 0.5));
        assertThat(book.of(Detector.GRADIENT).enabled()).isFalse();
        assertThat(book.of(Detector.STALL)).isEqualTo(RuleBook.DEFAULT.of(Detector.STALL));
        assertThat(book.fleet()).isEqualTo(new FleetSettings(false, 0.5, 9, 0.02, 20, 60));
        assertThat(book.sinks())
                .containsExactly(
                        new SinkSpec(
                                "pager",
                                SinkSpec.Kind.PAGERDUTY,
                                null,
                                List.of("/run/secrets/pager"),
                                List.of(),
                                false),
                        new SinkSpec(
                                "am",
                                SinkSpec.Kind.ALERTMANAGER,
                                URI.create("http://am:9093"),
                                List.of(),
                                List.of("10.0.0.0/8"),
                                true),
                        RuleBook.DEFAULT.sinks().get(0));
        assertThat(book.routes())
                .containsExactly(
                        new Route(Map.of("team", "vision", "run", "7b*"), Severity.CRITICAL, List.of("pager", "log")),
                        new Route(Map.of(), Severity.WARNING, List.of("am")));
    }

    @Test
    void parse_sinksWithoutRoutes_areToldOfEverything() throws RulesFileException {
        RuleBook book =
                RulesFile.parse("rules.yaml", "sinks: [{name: chat, kind: slack, url: https://hooks.slack.example/x}]");

        assertThat(book.routes()).containsExactly(new Route(Map.of(), Severity.WARNING, List.of("chat", "log")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "budgets: {}                       | 1:1: 'budgets' is not known here; allowed: budget, fleet, max-age, routes, rules, sinks",
                "budget: {run-days: 5}             | 1:10: 'run-days' is not known here; allowed: run-days-per-page, run-days-per-warning",
                "budget: {run-days-per-page: 0}    | 1:29: run-days-per-page is '0': it must be a number above 0 to 1000000000000",
                "budget: {run-days-per-page: many} | 1:29: run-days-per-page is 'many': it must be a number above 0 to 1000000000000",
                "budget: [1]                       | 1:9: budget must be a block of \"key: value\" lines, not a list",
                "[1]                               | 1:1: the file must be a block of \"key: value\" lines, not a list",
                "max-age: 60                       | 1:10: max-age is '60': it must be a time with its unit, such as 90s, 15m, 1h or 2d",
                "rules: {drifts: {}}               | 1:9: 'drifts' is not known here; allowed: non-finite, spike, drift, divergence, plateau, never-learns, stall, too-good, gradient, paired, off-law, off-ladder, unit-mismatch, law-jump, shared, restart, rate-change, batch-change",
                "rules: {drift: {severity: page}}  | 1:27: severity is 'page'; allowed: info, warning, critical",
                "rules: {drift: {enabled: no}}     | 1:26: enabled is 'no': it must be true or false",
                "rules: {drift: {after-observations: 1.5}} | 1:37: after-observations must be a whole number",
                "rules: {drift: {page-share: 1.5}} | 1:29: page-share is '1.5': it must be a number from 0 to 1",
                "rules: {drift: {once-per: -1}}    | 1:27: once-per is '-1': it must be a number from 0 on",
                "rules: {drift: {}, drift: {}}     | 1:20: 'drift' is there twice: keep one",
                "fleet: {least-runs: 1}            | 1:21: least-runs is '1': it must be a number from 2 to 1000000000000000",
                "sinks: {name: a}                  | 1:8: sinks must be a list, not a block",
                "sinks: [{kind: log}]              | 1:9: a sink needs a name",
                "sinks: [{name: a}]                | 1:9: a sink needs a kind: alertmanager, slack, pagerduty, webhook, alertmanager-webhook, log",
                "sinks: [{name: a, kind: mail}]    | 1:25: kind is 'mail'; allowed: alertmanager, slack, pagerduty, webhook, alertmanager-webhook, log",
                "sinks: [{name: a, kind: webhook}] | 1:9: this sink needs a url",
                "sinks: [{name: a, kind: webhook, url: https://x.example}] | 1:9: this sink needs secrets: a file with the signing key",
                "sinks: [{name: a, kind: pagerduty}] | 1:9: this sink needs secrets: a file with the routing key",
                "sinks: [{name: a, kind: slack}]   | 1:9: this sink needs a url, or secrets: a file with the whole address",
                "sinks: [{name: a, kind: alertmanager, url: am}] | 1:44: url must be a whole address that begins with https:// and names a host",
                "sinks: [{name: a, kind: alertmanager, url: http://am}] | 1:44: url is plain http: use https, or set allow-http: true",
                "sinks: [{name: a, kind: alertmanager, url: https://u:p@am}] | 1:44: url must not hold a user or password: name a file under secrets",
                "sinks: [{name: a, kind: log, allow-private: [home]}] | 1:45: 'home' is not a network such as 10.0.0.0/8 or fd00::/8",
                "sinks: [{name: a, kind: log}, {name: a, kind: log}] | 1:38: there are two sinks 'a': names must differ",
                "routes: [{match: {team: x}}]      | 1:10: a route needs sinks: a list of names",
                "routes: [{sinks: [pager]}]        | 1:18: there is no sink 'pager'; known: log",
                "routes: [{sinks: [{a: b}]}]       | 1:19: an element of sinks must be text, not a block",
                "routes: [{match: {team: [x]}, sinks: [log]}] | 1:25: team must be text, not a list",
                "'rules: {drift'                   | 1:14: not YAML: expected ',' or '}', but got <stream end>",
            })
    void parse_wrong_saysWhereAndWhatIsAllowed(String yaml, String problem) {
        assertThatThrownBy(() -> RulesFile.parse("rules.yaml", yaml))
                .isInstanceOf(RulesFileException.class)
                .message()
                .contains("rules.yaml:" + problem);
    }

    @Test
    void parse_manyWrongs_areAllSaidInTheOrderOfTheFile() {
        assertThatThrownBy(() -> RulesFile.parse("r.yaml", "max-age: 1\nrules:\n  drift: 7\n  spikes: {}\nx: 1\n"))
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .hasSize(4)
                        .map(line -> line.replaceFirst("^(r.yaml:\\d+:\\d+):.*", "$1"))
                        .containsExactly("r.yaml:1:10", "r.yaml:3:10", "r.yaml:4:3", "r.yaml:5:1"));
    }

    /** The guide's example is the defaults, each said. */
    @Test
    void parse_exampleOfTheGuide_isTheDefault() throws Exception {
        Matcher example = Pattern.compile("```yaml\n(# Every default.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/alerts.md")));
        assertThat(example.find()).isTrue();

        RuleBook book = RulesFile.parse("docs/alerts.md", example.group(1));

        assertThat(book).isEqualTo(RuleBook.DEFAULT);
        assertThat(Detector.values())
                .allSatisfy(detector -> assertThat(example.group(1)).contains("\n  " + Rules.name(detector) + ":"));
    }
}
