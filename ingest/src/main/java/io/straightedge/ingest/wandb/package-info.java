/**
 * Files of Weights and Biases: the log of a run that its client keeps beside the training ({@code run-*.wandb}), and what the
 * web pages export, charts (many runs side by side) and histories (a row for each call of {@code log}). Pure; one thread
 * for each reader.
 */
@NullMarked
package io.straightedge.ingest.wandb;

import org.jspecify.annotations.NullMarked;
