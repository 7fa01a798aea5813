package io.straightedge.protocol.law;

/** What a law asks of its coefficients; each check throws IllegalArgumentException and gives the value back otherwise. */
final class Coefficient {

    private Coefficient() {}

    static double positive(String law, String name, double value) {
        return require(value > 0, law, name, value, "finite and > 0");
    }

    static double notNegative(String law, String name, double value) {
        return require(value >= 0, law, name, value, "finite and >= 0");
    }

    static double finite(String law, String name, double value) {
        return require(true, law, name, value, "finite");
    }

    private static double require(boolean met, String law, String name, double value, String what) {
        if (!met || !Double.isFinite(value)) {
            throw new IllegalArgumentException("not a " + law + ": " + name + "=" + value + " must be " + what);
        }
        return value;
    }
}
