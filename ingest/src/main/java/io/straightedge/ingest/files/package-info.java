/**
 * Tables of losses in files: CSV, JSON lines, the Hugging Face Trainer's state. A reader for each kind of file brings
 * named values, row by row, to {@link io.straightedge.ingest.files.Rows}, which makes losses of them. Pure; one thread
 * for each reader.
 */
@NullMarked
package io.straightedge.ingest.files;

import org.jspecify.annotations.NullMarked;
