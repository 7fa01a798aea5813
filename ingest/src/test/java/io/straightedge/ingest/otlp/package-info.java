/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.otlp;

import org.jspecify.annotations.NullMarked;
