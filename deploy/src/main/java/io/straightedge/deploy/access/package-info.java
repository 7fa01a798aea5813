/**
 * Who may come in: the file of tokens, sessions of the page, and how often each may ask. No HTTP and no clock of its own:
 * times are parameters or come from a source that is given. Thread-safe where a class says so. Used by deploy.server and by
 * the commands about tokens.
 */
@NullMarked
package io.straightedge.deploy.access;

import org.jspecify.annotations.NullMarked;
