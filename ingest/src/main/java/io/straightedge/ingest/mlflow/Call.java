package io.straightedge.ingest.mlflow;

import io.straightedge.ingest.http.Points;
import io.straightedge.protocol.access.Allowance;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;

/**
 * One request: who asks, and for what.
 *
 * @param allowance what the caller may still send
 */
record Call(Caller caller, Allowance allowance, Fields fields) {

    /** Whether anything of the study may be known to the caller. */
    boolean sees(String study) {
        return caller.may(Scope.READ, study) || caller.may(Scope.INGEST, study);
    }

    /** @throws Refused when the caller may not write to the study */
    void requireIngest(String study) {
        if (!caller.may(Scope.INGEST, study)) {
            throw Refused.denied(
                    "Permission denied: the token may not send to the study " + Fields.excerpt(study) + ".");
        }
    }

    /** @throws io.straightedge.ingest.http.Refusal when the caller has sent too much of late */
    void take(int points) {
        Points.take(allowance, points);
    }

    /** @throws Refused when the caller may know nothing of the study */
    void requireSight(String study) {
        if (!sees(study)) {
            throw Refused.denied("Permission denied: the token is not for the study " + Fields.excerpt(study) + ".");
        }
    }
}
