package io.straightedge.ingest.watch;

import io.straightedge.protocol.run.RunManifest;
import java.util.Map;

/** What a run's configuration, under the trainer's own names, says of it. */
@FunctionalInterface
public interface ManifestSource {

    /** Reads nothing out of a configuration. */
    ManifestSource NONE = (study, run, configuration) -> RunManifest.of(study, run, null, null, null, null);

    /**
     * The manifest, as far as the configuration goes; with the provenance of each field.
     *
     * @throws IllegalArgumentException when the configuration says something that cannot be
     */
    RunManifest manifest(String study, String run, Map<String, String> configuration);
}
