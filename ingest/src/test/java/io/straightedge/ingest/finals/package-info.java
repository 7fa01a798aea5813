/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.finals;

import org.jspecify.annotations.NullMarked;
