/**
 * Training curves in CSV files as events. Pure: reads a file into memory, makes manifests, interleaves runs.
 */
@NullMarked
package io.straightedge.ingest.replay;

import org.jspecify.annotations.NullMarked;
