/** Tests of what configurations tell, against published sizes. */
@NullMarked
package io.straightedge.ingest.manifest;

import org.jspecify.annotations.NullMarked;
