package io.straightedge.ingest.simulate;

import io.straightedge.protocol.run.ScheduleKind;

/**
 * What is true of a simulated run and its jobs do not say.
 *
 * @param params N
 * @param tokens D at the planned end
 * @param lawLoss what the study's law says of N and D, nats per token
 * @param finalLoss where the noise-free curve ends: the law's loss and the seed's luck
 * @param live whether the run is still going on when the playing begins
 * @param finishes false for a run that diverges and is killed
 */
public record RunTruth(
        String study,
        String run,
        double params,
        double tokens,
        long steps,
        ScheduleKind schedule,
        double lawLoss,
        double finalLoss,
        boolean live,
        boolean finishes) {}
