/**
 * A tracking server that speaks MLflow's REST protocol, as far as trainers call it: experiments are studies, runs are
 * runs, parameters and tags become manifests, known losses become observations. What it knows of runs is kept in the
 * topic {@code tracking} and in memory; nothing is acknowledged that Kafka has not stored. Handlers run on Reactor's
 * parallel threads.
 */
@NullMarked
package io.straightedge.ingest.mlflow;

import org.jspecify.annotations.NullMarked;
