package io.straightedge.publisher.notify;

/**
 * Text from outside made harmless: names and messages are data, whoever wrote them.
 *
 * <p>Control and format characters (line ends, escapes, marks that turn the direction of writing) and halves of characters
 * become spaces, what is too long is cut. Pure.
 */
final class Inert {

    static final int NAME = 200;
    static final int SENTENCE = 1000;

    private Inert() {}

    static String name(String text) {
        return text(text, NAME);
    }

    static String sentence(String text) {
        return text(text, SENTENCE);
    }

    /** At most {@code most} UTF-16 units, the mark of the cut included; no character is cut in two. */
    static String text(String text, int most) {
        StringBuilder inert = new StringBuilder(Math.min(text.length(), most));
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            int shown = harmless(character) ? character : ' ';
            boolean last = i >= text.length();
            if (inert.length() + Character.charCount(shown) > (last ? most : most - 1)) {
                return inert.append('…').toString();
            }
            inert.appendCodePoint(shown);
        }
        return inert.toString();
    }

    private static boolean harmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
