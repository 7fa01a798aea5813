/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.ingest.http;

import org.jspecify.annotations.NullMarked;
