/**
 * Final losses of runs in CSV files, whatever their columns are called, for fitting a law without a broker. Pure: reads
 * files into memory, says what it took each column for, and refuses what it cannot use. Refusals are
 * {@link IllegalArgumentException}s for the person who gave the files; they name the options of {@code straightedge fit}.
 */
@NullMarked
package io.straightedge.ingest.finals;

import org.jspecify.annotations.NullMarked;
