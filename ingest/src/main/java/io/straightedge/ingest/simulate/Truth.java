package io.straightedge.ingest.simulate;

import io.straightedge.protocol.law.ChinchillaLaw;
import java.util.List;
import java.util.Map;

/**
 * What a fitter should find.
 *
 * @param laws the law of each study
 */
public record Truth(long seed, Map<String, ChinchillaLaw> laws, List<RunTruth> runs, List<Fault> faults) {
    public Truth {
        laws = Map.copyOf(laws);
        runs = List.copyOf(runs);
        faults = List.copyOf(faults);
    }
}
