/** ingest. */
@NullMarked
package io.straightedge.ingest;

import org.jspecify.annotations.NullMarked;
