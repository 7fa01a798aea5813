package io.straightedge.publisher.view;

import org.jspecify.annotations.Nullable;

/**
 * That something has changed; what it is now, the view says.
 *
 * @param run null when the study itself changed
 */
public record Change(String study, @Nullable String run) {}
