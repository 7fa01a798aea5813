/** Tests of the package of the same name. */
@NullMarked
package io.straightedge.deploy.backtest;

import org.jspecify.annotations.NullMarked;
