/** Tests of the messages that training jobs send. */
@NullMarked
package io.straightedge.protocol.run;

import org.jspecify.annotations.NullMarked;
