/**
 * Text logs of training jobs, read line by line as they grow: {@link io.straightedge.ingest.source.Lines} cuts them, a
 * {@link io.straightedge.ingest.text.LineGrammar} for each stack says what a line means, and
 * {@link io.straightedge.ingest.text.TextReader} tells runs apart that were appended to one file. Pure; one thread for
 * each reader.
 */
@NullMarked
package io.straightedge.ingest.text;

import org.jspecify.annotations.NullMarked;
