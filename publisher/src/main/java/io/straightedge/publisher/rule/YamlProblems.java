package io.straightedge.publisher.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is wrong with a YAML file, each with its place. Not thread-safe. */
final class YamlProblems {

    private record Problem(int line, int column, String what) {}

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    YamlProblems(String file) {
        this.file = file;
    }

    void at(Node node, String what) {
        Mark mark = node.getStartMark().orElse(null);
        problems.add(new Problem(mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1, what));
    }

    void at(int line, int column, String what) {
        problems.add(new Problem(line, column, what));
    }

    void check() throws RulesFileException {
        if (problems.isEmpty()) {
            return;
        }
        throw new RulesFileException(problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .map(problem -> file + ":" + problem.line + ":" + problem.column + ": " + problem.what)
                .toList());
    }
}
