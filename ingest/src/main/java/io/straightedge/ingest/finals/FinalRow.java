package io.straightedge.ingest.finals;

import org.jspecify.annotations.Nullable;

/**
 * A final loss as a file has it; numbers are finite and above zero.
 *
 * @param file name of the file
 * @param line in the file, 1 for its first
 * @param family empty where the file has none
 * @param run name of the run; the line where the file has none
 * @param params N
 * @param tokens D
 * @param flops C
 * @param loss L, nats per token
 * @param budget nominal budget in FLOPs; NaN where the file has none
 * @param annealed whether the learning rate had come down; null where the file does not say
 */
public record FinalRow(
        String file,
        long line,
        String family,
        String run,
        double params,
        double tokens,
        double flops,
        double loss,
        double budget,
        @Nullable Boolean annealed) {}
