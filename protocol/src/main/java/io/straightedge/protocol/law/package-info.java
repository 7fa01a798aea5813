/**
 * The laws: value, gradient, optimum and inverse, in closed form where there is one; published constants; the plans that
 * any law supports. Pure mathematics without I/O or clock; every stage may call it. Immutable, safe on any thread.
 */
@NullMarked
package io.straightedge.protocol.law;

import org.jspecify.annotations.NullMarked;
