@NullMarked
package io.straightedge.fitter.history;

import org.jspecify.annotations.NullMarked;
