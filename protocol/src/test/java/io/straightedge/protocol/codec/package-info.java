/** Tests of the codec: golden files and hostile input. */
@NullMarked
package io.straightedge.protocol.codec;

import org.jspecify.annotations.NullMarked;
