package io.straightedge.fitter.state;

import io.straightedge.protocol.run.RunManifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where what a forecast rests on was taken from, in words for its readers: a size that was derived from a configuration
 * is to be told from one that somebody gave.
 */
final class ManifestOrigins {

    /** What is told, in this order; a manifest may say the origin of anything. */
    private static final List<String> FIELDS =
            List.of("params", "tokensPerStep", "plannedSteps", "plannedTokens", "schedule");

    private static final int LONGEST = 200;

    private ManifestOrigins() {}

    /** "params: derived from hidden_size, vocab_size; plannedSteps: read from max_steps"; null when nothing is said. */
    static @Nullable String words(@Nullable RunManifest manifest) {
        if (manifest == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        for (String field : FIELDS) {
            String how = manifest.provenance().get(field);
            if (how != null && !how.isBlank()) {
                String said = how.strip();
                words.add(field + ": " + (said.length() <= LONGEST ? said : said.substring(0, LONGEST) + "..."));
            }
        }
        return words.isEmpty() ? null : String.join("; ", words);
    }
}
