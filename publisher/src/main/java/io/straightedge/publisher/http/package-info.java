/**
 * The publisher's routes: JSON API, event stream and dashboard, all of them GET and read-only. Handlers answer from the
 * read model without blocking; {@code deploy} owns the server, its door and its limits.
 */
@NullMarked
package io.straightedge.publisher.http;

import org.jspecify.annotations.NullMarked;
