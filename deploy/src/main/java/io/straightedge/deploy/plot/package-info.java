/**
 * Plots: panels with axes, series and a legend become a scene of marks, and a scene is written as SVG or PNG. Readable
 * in black and white: series differ by dashes, shapes and fill, never by colour alone. Pure but for the writing; PNG
 * needs the JDK's fonts, which are looked for when one is written.
 */
@NullMarked
package io.straightedge.deploy.plot;

import org.jspecify.annotations.NullMarked;
