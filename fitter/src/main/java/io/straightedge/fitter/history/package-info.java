/**
 * What a study's finished runs say of a running one: priors, donors, a regression at the same fraction, and how all of
 * it is weighed against the law's forecast. Pure mathematics, deterministic; a history belongs to one thread, what it
 * hands out is immutable.
 */
@NullMarked
package io.straightedge.fitter.history;

import org.jspecify.annotations.NullMarked;
