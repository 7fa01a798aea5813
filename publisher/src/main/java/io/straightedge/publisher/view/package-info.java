/**
 * The read model: what is known of every study and run, rebuilt from the output topics by a reader outside any group.
 * One thread writes; any thread reads immutable snapshots.
 */
@NullMarked
package io.straightedge.publisher.view;

import org.jspecify.annotations.NullMarked;
