/** Tests of back-tests of alarms. */
@NullMarked
package io.straightedge.deploy.backtest.alarm;

import org.jspecify.annotations.NullMarked;
