package io.straightedge.protocol.access;

import java.util.Map;
import java.util.Set;
import reactor.util.context.ContextView;

/**
 * Who makes a request, and what they may do in which studies.
 *
 * <p>The door puts it into the Reactor context of every request that it lets in, under its class; a route that knows the
 * study only after reading the body asks here.
 *
 * @param name of the token, for logs; never the token itself
 * @param projects scope to patterns of study names: a name, a prefix that ends in {@code *}, or {@code *} for all
 */
public record Caller(String name, Map<Scope, Set<String>> projects) {

    /** Everything everywhere: whoever reaches a server that runs without tokens. */
    public static final Caller ANYONE =
            new Caller("anyone", Map.of(Scope.INGEST, Set.of("*"), Scope.READ, Set.of("*"), Scope.ADMIN, Set.of("*")));

    public Caller {
        projects = Map.copyOf(projects);
    }

    /** The caller of the request whose context this is; {@link #ANYONE} where no door stands before the routes. */
    public static Caller of(ContextView context) {
        return context.hasKey(Caller.class) ? context.get(Caller.class) : ANYONE;
    }

    /** Whether the scope is given for any study at all. */
    public boolean has(Scope scope) {
        return !projects.getOrDefault(scope, Set.of()).isEmpty();
    }

    /** Whether the scope is given for that study. */
    public boolean may(Scope scope, String study) {
        return projects.getOrDefault(scope, Set.of()).stream().anyMatch(pattern -> matches(pattern, study));
    }

    /** Whether the scope is given for every study, as what concerns the whole process needs. */
    public boolean mayEverywhere(Scope scope) {
        return projects.getOrDefault(scope, Set.of()).contains("*");
    }

    private static boolean matches(String pattern, String study) {
        return pattern.endsWith("*")
                ? study.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(study);
    }
}
