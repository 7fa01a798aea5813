/**
 * What the fitter remembers of its studies, and how an event changes it. Free of Kafka, Reactor and clocks: events go
 * in, emissions come out, and the same events give the same bytes.
 *
 * <p>Everything that decides is kept in the changelog, so that a partition restored elsewhere goes on as if nothing
 * had happened. One thread at a time.
 */
@NullMarked
package io.straightedge.fitter.state;

import org.jspecify.annotations.NullMarked;
