/**
 * Folders in the LossCast layout: {@code losses.json}, a loss for each step, beside {@code config.json}, the recipe. Each
 * file is a format of its own and is read as a whole; that they belong together is for the follower to know. Pure; one
 * thread for each reader.
 */
@NullMarked
package io.straightedge.ingest.losscast;

import org.jspecify.annotations.NullMarked;
