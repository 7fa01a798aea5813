/**
 * Follows the files of training jobs as they grow: which there are, which belong together, what was sent of each, and what
 * goes out next. A {@link io.straightedge.ingest.watch.Follower} is asked in turns by one thread; it reads files and keeps
 * no thread, clock or connection of its own. Where the events and the positions go is an
 * {@link io.straightedge.ingest.watch.Outlet}.
 */
@NullMarked
package io.straightedge.ingest.watch;

import org.jspecify.annotations.NullMarked;
