/**
 * The subcommands: options, examples, exit codes, what is printed. The work is done by node, demo and the stages. The
 * main thread blocks here and nowhere else.
 */
@NullMarked
package io.straightedge.deploy.command;

import org.jspecify.annotations.NullMarked;
