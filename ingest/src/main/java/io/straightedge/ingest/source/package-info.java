/**
 * Files that training jobs write, as they grow: what a format gives, how one is recognised, what the user may say of it.
 * Pure: bytes in, items out; whoever follows the files is elsewhere. One thread for each reader.
 */
@NullMarked
package io.straightedge.ingest.source;

import org.jspecify.annotations.NullMarked;
