package io.straightedge.fitter.law;

import static org.assertj.core.api.Assertions.assertThat;

import io.straightedge.fitter.solve.Outcome;

/** Unpacks outcomes that must be there. */
public final class Found {

    private Found() {}

    public static <T> T in(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return ((Outcome.Found<T>) outcome).value();
    }
}
