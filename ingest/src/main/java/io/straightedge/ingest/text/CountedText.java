package io.straightedge.ingest.text;

/** A line that may be looked at so often and no more: the guard against patterns that never come to an end. */
final class CountedText implements CharSequence {

    private static final int LOOKS = 5_000_000;

    /** Thrown out of a match that looked too often. */
    static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ExhaustedException() {
            super("a pattern looked at a line more than " + LOOKS + " times", null, false, false);
        }
    }

    private final String text;
    private int looks;

    CountedText(String text) {
        this.text = text;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (++looks > LOOKS) {
            throw new ExhaustedException();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
