/**
 * The laws in closed form: value, gradient, optimum, inverse. Pure mathematics without I/O or clock; every stage may
 * call it. Immutable, safe on any thread.
 */
@NullMarked
package io.straightedge.protocol.law;

import org.jspecify.annotations.NullMarked;
