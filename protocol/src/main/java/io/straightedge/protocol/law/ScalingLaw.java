package io.straightedge.protocol.law;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * A law of training loss, fitted or published: its form and its coefficients. Losses are nats per token.
 *
 * <p>Every law can be written as theta, the coefficients in which it is fitted and in which covariances are given:
 * logarithms of those that are positive by nature, exponents as they are. {@link #names()} says what each stands for.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ChinchillaLaw.class, name = "chinchilla"),
    @JsonSubTypes.Type(value = KaplanLaw.class, name = "kaplan"),
    @JsonSubTypes.Type(value = OvertrainingLaw.class, name = "overtraining"),
    @JsonSubTypes.Type(value = GammaLaw.class, name = "chinchilla-gamma"),
    @JsonSubTypes.Type(value = FarseerLaw.class, name = "farseer"),
    @JsonSubTypes.Type(value = DataConstrainedLaw.class, name = "data-constrained"),
    @JsonSubTypes.Type(value = LimitedDataLaw.class, name = "limited-data"),
    @JsonSubTypes.Type(value = PowerLaw.class, name = "power"),
    @JsonSubTypes.Type(value = SaturatingLaw.class, name = "saturating"),
    @JsonSubTypes.Type(value = KaplanStepsLaw.class, name = "kaplan-steps"),
})
public sealed interface ScalingLaw permits RunLaw, KaplanStepsLaw {

    /** Training FLOPs per parameter and token in C = 6ND. */
    double FLOPS_PER_PARAMETER_TOKEN = 6;

    /** Names of the coefficients in theta's order, as the source of the law writes them: A, not ln A. */
    List<String> names();

    /** The coefficients in which the law is fitted [size]; a fresh array. */
    double[] theta();

    /** The law of this form with other coefficients [size]; throws IllegalArgumentException where they are no law. */
    ScalingLaw withTheta(double[] theta);

    /** Number of coefficients. */
    default int size() {
        return names().size();
    }
}
