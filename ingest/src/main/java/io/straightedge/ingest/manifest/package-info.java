/**
 * What a run's configuration says about it, whatever trainer wrote it: parameters, tokens per step, plan, schedule and
 * recipe, each with how it was derived. What cannot be told for sure is left out, as a forecast does better with
 * nothing than with a wrong number. Pure; used by every way in that carries configuration.
 */
@NullMarked
package io.straightedge.ingest.manifest;

import org.jspecify.annotations.NullMarked;
