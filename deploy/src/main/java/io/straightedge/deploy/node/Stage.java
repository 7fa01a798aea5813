package io.straightedge.deploy.node;

/** What a process may run. */
public enum Stage {
    INGEST,
    FITTER,
    PUBLISHER
}
