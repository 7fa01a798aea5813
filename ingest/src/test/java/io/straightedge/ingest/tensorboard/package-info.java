/** Tests of the reader of event files, with a writer of their own. */
@NullMarked
package io.straightedge.ingest.tensorboard;

import org.jspecify.annotations.NullMarked;
