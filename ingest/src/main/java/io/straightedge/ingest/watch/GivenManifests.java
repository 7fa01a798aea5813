package io.straightedge.ingest.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.RunManifest;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the user says of runs: fields of a {@code run} event, for all of them or for those whose name fits a glob. Wins over
 * what a run's configuration says, the last over the ones before. Immutable.
 */
public final class GivenManifests {

    /** Nothing is said. */
    public static final GivenManifests NONE = new GivenManifests(List.of());

    private static final String RUNS = "runs";
    private static final String COUNT = "paramsCount";

    /** Fields whose entries are merged, not replaced. */
    private static final Set<String> MERGED = Set.of("hyperparameters", "labels", "provenance");

    /** Fields from which others are derived. */
    private static final List<String> SETTINGS = List.of("sequenceLength", "plannedSteps");

    private static final Set<String> OURS = Set.of("v", "type", "study", "run");

    private static final Set<String> FIELDS = Arrays.stream(RunManifest.class.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toUnmodifiableSet());

    private record Given(String glob, ObjectNode fields, String origin) {

        boolean fits(String run) {
            if (glob.equals("*") || glob.equals(run)) {
                return true;
            }
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
            return matcher.matches(Path.of(run));
        }
    }

    private final List<Given> all;

    private GivenManifests(List<Given> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Fields from a YAML or JSON file: those of a {@code run} event for all runs, and under {@code runs} by name or glob
     * those of some.
     *
     * @throws IllegalArgumentException which says what is wrong in the file
     */
    public static GivenManifests read(Path file) throws IOException {
        JsonNode tree;
        try {
            tree = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is neither YAML nor JSON: " + e.getOriginalMessage(), e);
        }
        if (!(tree instanceof ObjectNode fields)) {
            throw new IllegalArgumentException(
                    file + " must hold the fields of a run event, such as tokensPerStep: 524288");
        }
        List<Given> given = new ArrayList<>();
        JsonNode runs = fields.remove(RUNS);
        given.add(checked("*", fields, file.toString()));
        if (runs != null) {
            for (Map.Entry<String, JsonNode> entry : runs.properties()) {
                if (!(entry.getValue() instanceof ObjectNode some)) {
                    throw new IllegalArgumentException(file + ": " + RUNS + "." + entry.getKey() + " must hold fields");
                }
                given.add(checked(entry.getKey(), some, file.toString()));
            }
        }
        return new GivenManifests(given);
    }

    /** These and, winning over them, fields for all runs; {@code origin} becomes their provenance. */
    public GivenManifests with(Map<String, ?> fields, String origin) {
        List<Given> more = new ArrayList<>(all);
        try {
            more.add(checked("*", (ObjectNode) Json.tree(Json.write(fields)), origin));
        } catch (MessageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return new GivenManifests(more);
    }

    /**
     * What was given for a run of which other things follow, under the names by which configurations say it: with the
     * length of a sequence, a global batch becomes tokens per step.
     */
    Map<String, String> settings(String run) {
        Map<String, String> settings = new HashMap<>();
        for (Given given : all) {
            for (String field : SETTINGS) {
                JsonNode value = given.fits(run) ? given.fields().get(field) : null;
                if (value != null && value.isValueNode() && !value.isNull()) {
                    settings.put("straightedge." + field, value.asText());
                }
            }
        }
        return settings;
    }

    /** The manifest with what was given for its run. */
    public RunManifest over(RunManifest derived) {
        List<Given> fitting =
                all.stream().filter(given -> given.fits(derived.run())).toList();
        if (fitting.isEmpty()) {
            return derived;
        }
        try {
            ObjectNode merged = (ObjectNode) Json.tree(Json.write(derived));
            fitting.forEach(given -> merge(merged, given));
            return (RunManifest) Json.event(merged);
        } catch (MessageException e) {
            throw new IllegalStateException("the manifest of " + derived.run() + ": " + e.getMessage(), e);
        }
    }

    private static void merge(ObjectNode merged, Given given) {
        for (Map.Entry<String, JsonNode> field : given.fields().properties()) {
            String name = field.getKey();
            if (MERGED.contains(name) && field.getValue() instanceof ObjectNode entries) {
                merged.withObjectProperty(name).setAll(entries);
            } else {
                if (name.equals("params") && !given.fields().has(COUNT)) {
                    // What the configuration's number counts says nothing of the user's.
                    merged.remove(COUNT);
                }
                merged.set(name, field.getValue());
                merged.withObjectProperty("provenance").put(name, given.origin());
            }
        }
    }

    private static Given checked(String glob, ObjectNode fields, String origin) {
        ObjectNode whole = fields.deepCopy();
        whole.remove(OURS);
        for (Map.Entry<String, JsonNode> field : whole.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw new IllegalArgumentException(origin + ": " + field.getKey() + " is no field of a run: there are "
                        + FIELDS.stream()
                                .filter(name -> !OURS.contains(name))
                                .sorted()
                                .collect(Collectors.joining(", ")));
            }
        }
        ObjectNode event = whole.deepCopy();
        event.put("type", "run").put("study", "s").put("run", "r");
        try {
            Json.event(Json.tree(event.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (MessageException e) {
            throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
        }
        return new Given(glob, whole, origin);
    }
}
