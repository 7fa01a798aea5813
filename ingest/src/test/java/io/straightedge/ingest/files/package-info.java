/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.files;

import org.jspecify.annotations.NullMarked;
