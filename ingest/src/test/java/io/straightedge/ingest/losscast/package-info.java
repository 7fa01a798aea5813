/** Tests of the readers of LossCast folders. */
@NullMarked
package io.straightedge.ingest.losscast;

import org.jspecify.annotations.NullMarked;
