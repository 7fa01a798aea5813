package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.signal.Alert.Severity;
import io.straightedge.publisher.notify.Route;
import io.straightedge.publisher.notify.SinkSpec;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the rules of alerting from YAML. Whatever is left out has its default, so an empty file gives
 * {@link RuleBook#DEFAULT}; everything that is wrong is said in one go.
 */
public final class RulesFile {

    private final YamlProblems problems;

    private RulesFile(YamlProblems problems) {
        this.problems = problems;
    }

    /** The rules in a file. */
    public static RuleBook read(Path file) throws IOException, RulesFileException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (MalformedInputException e) {
            throw new RulesFileException(List.of(file + ":1:1: not UTF-8 text"));
        }
    }

    /** The rules in a text; {@code name} is what messages call it. */
    public static RuleBook parse(String name, String yaml) throws RulesFileException {
        YamlProblems problems = new YamlProblems(name);
        Optional<Node> root = Optional.empty();
        try {
            root = new Compose(LoadSettings.builder().setLabel(name).build()).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().orElse(null);
            problems.at(
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.at(1, 1, "not YAML: " + e.getMessage());
        }
        problems.check();
        RuleBook book = root.isEmpty() ? RuleBook.DEFAULT : new RulesFile(problems).book(root.get());
        problems.check();
        return book;
    }

    private RuleBook book(Node root) {
        YamlBlock all = new YamlBlock(root, root, "the file", problems);
        YamlBlock budget = all.block("budget");
        double page = budget.number("run-days-per-page", RuleBook.DEFAULT.runDaysPerPage(), 0, false, 1e12);
        double warning = budget.number("run-days-per-warning", RuleBook.DEFAULT.runDaysPerWarning(), 0, false, 1e12);
        budget.done();
        Duration maxAge = all.duration("max-age", RuleBook.DEFAULT.maxAge());
        Map<Detector, RuleSettings> rules = rules(all.block("rules"));
        FleetSettings fleet = fleet(all.block("fleet"));
        Map<String, SinkSpec> sinks = new SinksReading(problems).sinks(all);
        List<Route> routes = routes(all, sinks);
        all.done();
        return new RuleBook(page, warning, rules, fleet, maxAge, routes, List.copyOf(sinks.values()));
    }

    private static Map<Detector, RuleSettings> rules(YamlBlock block) {
        Map<String, Detector> detectors = Stream.of(Detector.values())
                .collect(Collectors.toMap(Rules::name, detector -> detector, (a, b) -> a, LinkedHashMap::new));
        Map<Detector, RuleSettings> rules = new EnumMap<>(Detector.class);
        for (String name : block.names()) {
            Detector detector = detectors.get(name);
            if (detector == null) {
                block.unknown(name, String.join(", ", detectors.keySet()));
            } else {
                rules.put(detector, rule(block.block(name), RuleBook.DEFAULT.of(detector)));
            }
        }
        return rules;
    }

    private static RuleSettings rule(YamlBlock block, RuleSettings otherwise) {
        double infinity = Double.POSITIVE_INFINITY;
        RuleSettings settings = new RuleSettings(
                block.flag("enabled", otherwise.enabled()),
                block.word("severity", Severity.class, otherwise.most()),
                block.count("after-observations", otherwise.afterObservations(), 0),
                block.duration("after", Duration.ofMillis(Math.round(1000 * otherwise.afterSeconds())))
                                .toMillis()
                        / 1000.0,
                block.number("once-per", otherwise.oncePer(), 0, true, infinity),
                block.number("page-nats", otherwise.pageNats(), 0, true, infinity),
                block.number("page-share", otherwise.pageShare(), 0, true, 1));
        block.done();
        return settings;
    }

    private static FleetSettings fleet(YamlBlock block) {
        FleetSettings otherwise = FleetSettings.DEFAULT;
        FleetSettings fleet = new FleetSettings(
                block.flag("enabled", otherwise.enabled()),
                block.number("share", otherwise.share(), 0, false, 1),
                (int) Math.min(block.count("least-runs", otherwise.leastRuns(), 2), Integer.MAX_VALUE),
                block.number("same-step-share", otherwise.sameStepShare(), 0, true, 1),
                block.count("same-steps", otherwise.sameSteps(), 0),
                block.duration("same-time", Duration.ofMillis(Math.round(1000 * otherwise.sameSeconds())))
                                .toMillis()
                        / 1000.0);
        block.done();
        return fleet;
    }

    /** Without routes every sink is told of everything from warnings on. */
    private List<Route> routes(YamlBlock all, Map<String, SinkSpec> sinks) {
        List<YamlBlock> blocks = all.blocks("routes", "a route");
        if (!all.has("routes")) {
            return List.of(new Route(Map.of(), Severity.WARNING, List.copyOf(sinks.keySet())));
        }
        return blocks.stream().map(block -> route(block, sinks)).toList();
    }

    private Route route(YamlBlock block, Map<String, SinkSpec> sinks) {
        Map<String, String> matchers = block.block("match").textByKey();
        Severity least = block.word("least", Severity.class, Severity.WARNING);
        List<String> names = block.texts("sinks");
        if (names.isEmpty()) {
            problems.at(block.place("sinks"), "a route needs sinks: a list of names");
        }
        for (String name : names) {
            if (!sinks.containsKey(name)) {
                problems.at(
                        block.place("sinks"),
                        "there is no sink '" + YamlBlock.excerpt(name) + "'; known: "
                                + String.join(", ", sinks.keySet()));
            }
        }
        block.done();
        return new Route(matchers, least, names);
    }
}
