/** Tests of how alerts reach people. */
@NullMarked
package io.straightedge.publisher.notify;

import org.jspecify.annotations.NullMarked;
