/**
 * A watcher's turns: looks at files, sends what is new, waits. Also where its events go when they go to Kafka itself. One
 * thread does all of it and may block; another may tell it to stop.
 */
@NullMarked
package io.straightedge.deploy.watch;

import org.jspecify.annotations.NullMarked;
