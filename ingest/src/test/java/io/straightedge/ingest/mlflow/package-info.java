/** Tests of the tracking server over HTTP: with MLflow's own client, and with what other clients send. */
@NullMarked
package io.straightedge.ingest.mlflow;

import org.jspecify.annotations.NullMarked;
