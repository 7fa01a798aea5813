package io.straightedge.ingest.mlflow;

/** MLflow's words for what went wrong, and the HTTP status of each. */
enum ErrorCode {
    BAD_REQUEST(400),
    INVALID_PARAMETER_VALUE(400),
    RESOURCE_ALREADY_EXISTS(400),
    UNAUTHENTICATED(401),
    PERMISSION_DENIED(403),
    RESOURCE_DOES_NOT_EXIST(404),
    ENDPOINT_NOT_FOUND(404),
    REQUEST_LIMIT_EXCEEDED(429),
    INTERNAL_ERROR(500),
    NOT_IMPLEMENTED(501),
    TEMPORARILY_UNAVAILABLE(503);

    final int status;

    ErrorCode(int status) {
        this.status = status;
    }
}
