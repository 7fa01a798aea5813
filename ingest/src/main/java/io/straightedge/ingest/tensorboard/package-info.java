/**
 * TensorBoard's event files: framed records, each a protobuf {@code Event}, walked field by field, as of its many kinds
 * only scalars, text and session logs are of interest. One reader for each file; the files of a directory belong together,
 * which is for the follower to know. Pure; one thread for each reader.
 */
@NullMarked
package io.straightedge.ingest.tensorboard;

import org.jspecify.annotations.NullMarked;
