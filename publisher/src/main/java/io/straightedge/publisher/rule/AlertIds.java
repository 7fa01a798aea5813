package io.straightedge.publisher.rule;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Ids of alerts: {@code study/run/attempt/rule/onset}, with {@code /split} behind it for splits other than
 * {@code train}. Slashes and percent signs in names are percent-encoded, so that ids are as distinct as what they name;
 * the run of an alert about the whole study is empty.
 */
final class AlertIds {

    private static final String USUAL_SPLIT = "train";

    private AlertIds() {}

    static String of(String study, String run, int attempt, String rule, long onsetStep, String split) {
        List<String> parts = List.of(study, run, Integer.toString(attempt), rule, Long.toString(onsetStep));
        String id = parts.stream().map(AlertIds::encoded).collect(Collectors.joining("/"));
        return split.equals(USUAL_SPLIT) ? id : id + "/" + encoded(split);
    }

    private static String encoded(String name) {
        return name.replace("%", "%25").replace("/", "%2F");
    }
}
