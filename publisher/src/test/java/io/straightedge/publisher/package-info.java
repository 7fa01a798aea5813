/** Made-up but realistic records for the publisher's tests, and a server to look at the dashboard with. */
@NullMarked
package io.straightedge.publisher;

import org.jspecify.annotations.NullMarked;
