/** Tests of what readers of files share. */
@NullMarked
package io.straightedge.ingest.source;

import org.jspecify.annotations.NullMarked;
