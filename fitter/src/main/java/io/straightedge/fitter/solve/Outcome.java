package io.straightedge.fitter.solve;

/** What a fit came to: a value, or the reason in words why there is none. */
public sealed interface Outcome<T> {

    /** There is a value. */
    record Found<T>(T value) implements Outcome<T> {}

    /** There is none.
     *
     * @param reason one clause for a person, without a full stop
     */
    record Refused<T>(String reason) implements Outcome<T> {}

    /** A value. */
    static <T> Outcome<T> found(T value) {
        return new Found<>(value);
    }

    /** A refusal. */
    static <T> Outcome<T> refused(String reason) {
        return new Refused<>(reason);
    }
}
