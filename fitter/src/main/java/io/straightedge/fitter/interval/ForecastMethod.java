package io.straightedge.fitter.interval;

/** What a forecast of the final loss comes from. Codes are what is saved: they never change their meaning. */
public enum ForecastMethod {
    /** The run's own curve, by the law of its learning rate. */
    LAW(1, "law"),
    /** A regression on the study's finished runs. */
    HISTORY(2, "history"),
    /** Both, weighed. */
    MIXED(3, "mixed");

    private final byte code;
    private final String text;

    ForecastMethod(int code, String text) {
        this.code = (byte) code;
        this.text = text;
    }

    /** The name in messages. */
    public String text() {
        return text;
    }

    byte code() {
        return code;
    }

    static ForecastMethod of(byte code) {
        for (ForecastMethod method : values()) {
            if (method.code == code) {
                return method;
            }
        }
        throw new IllegalStateException("no method of forecasting has the code " + code);
    }
}
