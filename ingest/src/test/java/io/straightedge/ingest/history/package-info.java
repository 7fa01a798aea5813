/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.history;

import org.jspecify.annotations.NullMarked;
