/** Tests of the readers of W&amp;B's files, with a writer of their own. */
@NullMarked
package io.straightedge.ingest.wandb;

import org.jspecify.annotations.NullMarked;
