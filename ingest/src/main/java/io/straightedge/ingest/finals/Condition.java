package io.straightedge.ingest.finals;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on a cell: {@code outlier=0}, {@code tokens>=1e11}. Numbers are compared as numbers where both are, else
 * {@code =} and {@code !=} compare text and the others never hold.
 *
 * @param operator one of {@code = != < <= > >=}
 */
public record Condition(String column, String operator, String value) {

    private static final Pattern FORM = Pattern.compile("([^=<>!]+?)\\s*(!=|<=|>=|=|<|>)\\s*(.*)", Pattern.DOTALL);

    /** From {@code column=value} or another operator; throws IllegalArgumentException where it is none. */
    public static Condition parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    text + " is no condition: write column=value, or another of != < <= > >=");
        }
        return new Condition(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    boolean holds(String cell) {
        // Comparisons with NaN, which is no number, do not hold.
        double left = Cells.number(cell);
        double right = Cells.number(value);
        boolean numbers = !Double.isNaN(left) && !Double.isNaN(right);
        boolean equal = numbers ? left == right : cell.equals(value);
        return switch (operator) {
            case "=" -> equal;
            case "!=" -> !equal;
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
        };
    }

    @Override
    public String toString() {
        return column + operator + value;
    }
}
