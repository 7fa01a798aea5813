/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.metric;

import org.jspecify.annotations.NullMarked;
