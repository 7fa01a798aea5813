/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.text;

import org.jspecify.annotations.NullMarked;
