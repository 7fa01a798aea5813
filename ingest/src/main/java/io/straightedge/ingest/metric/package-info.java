/**
 * What the names mean under which trainers log their numbers, and how the numbers of one step become one observation.
 * Pure; used by every way in that carries named metrics.
 */
@NullMarked
package io.straightedge.ingest.metric;

import org.jspecify.annotations.NullMarked;
