/**
 * Laws without a broker: fits those of the field to files of finals, reports on them, and plans budgets by a fitted or a
 * published law. For the commands {@code fit} and {@code plan}, whose JSON the records here are. Pure but for
 * {@link Resamples}, which runs on threads of its own; everything else is on the caller's.
 */
@NullMarked
package io.straightedge.deploy.offline;

import org.jspecify.annotations.NullMarked;
