/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.replay;

import org.jspecify.annotations.NullMarked;
