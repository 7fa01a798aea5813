/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.simulate;

import org.jspecify.annotations.NullMarked;
