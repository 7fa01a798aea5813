/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.stream;

import org.jspecify.annotations.NullMarked;
