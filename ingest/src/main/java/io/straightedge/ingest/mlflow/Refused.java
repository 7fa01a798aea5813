package io.straightedge.ingest.mlflow;

/** A request that is answered with an error; carries no stack trace. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final int status;

    Refused(ErrorCode code, String message) {
        this(code, code.status, message);
    }

    Refused(ErrorCode code, int status, String message) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
    }

    static Refused invalid(String message) {
        return new Refused(ErrorCode.INVALID_PARAMETER_VALUE, message);
    }

    static Refused unknown(String message) {
        return new Refused(ErrorCode.RESOURCE_DOES_NOT_EXIST, message);
    }

    static Refused denied(String message) {
        return new Refused(ErrorCode.PERMISSION_DENIED, message);
    }

    ErrorCode code() {
        return code;
    }

    int status() {
        return status;
    }
}
