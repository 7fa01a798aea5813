package io.straightedge.ingest.watch;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** What the follower has to tell people; the same thing once. */
final class Notices {

    private static final int REMEMBERED = 10_000;

    private final Consumer<? super String> said;
    private final Set<String> before = new HashSet<>();

    Notices(Consumer<? super String> said) {
        this.said = said;
    }

    void say(String text) {
        said.accept(text);
    }

    /** Says it unless something was said under that key since it was last taken back. */
    void once(String key, String text) {
        if (before.size() < REMEMBERED && before.add(key)) {
            said.accept(text);
        }
    }

    /** It is not so any more: the next time is worth saying. */
    void over(String key) {
        before.remove(key);
    }
}
