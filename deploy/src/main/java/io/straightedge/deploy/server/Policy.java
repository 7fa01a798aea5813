package io.straightedge.deploy.server;

import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import java.util.Set;

/**
 * Who may use a route.
 *
 * @param anyOf one of these scopes is needed; none at all when the route is public
 * @param where the study is found for which the scope must be given
 */
record Policy(Set<Scope> anyOf, Where where) {

    /** Where a request says what study it is about. */
    enum Where {
        /** Nowhere, and no matter: everyone may, without a token. */
        PUBLIC,
        /** Nowhere: the scope must be given for some study, and the route shows and takes only what the caller may. */
        ROUTE_ASKS,
        /** In the third segment of the path, if a fourth follows or the path is about studies; else as above. */
        PATH,
        /** In the query's {@code study}, if there is one; else as above. */
        QUERY,
        /** Nowhere: it is about the whole process, so the scope must be given for all studies. */
        EVERYWHERE
    }

    static final Policy PUBLIC = new Policy(Set.of(), Where.PUBLIC);

    /** For every valid token: what is served holds nothing of any study. */
    static final Policy ANY_TOKEN = of(Where.ROUTE_ASKS, Scope.values());

    Policy {
        anyOf = Set.copyOf(anyOf);
        if (anyOf.isEmpty() != (where == Where.PUBLIC)) {
            throw new IllegalArgumentException("a policy without scopes is public, and no other is");
        }
    }

    static Policy of(Where where, Scope... anyOf) {
        return new Policy(Set.of(anyOf), where);
    }

    boolean open() {
        return where == Where.PUBLIC;
    }

    /** Whether the caller has one of the scopes for anything, or where it must be for everything. */
    boolean scopeOf(Caller caller) {
        return anyOf.stream()
                .anyMatch(scope -> where == Where.EVERYWHERE ? caller.mayEverywhere(scope) : caller.has(scope));
    }

    /** Whether the caller has one of the scopes for that study. */
    boolean permits(Caller caller, String study) {
        return anyOf.stream().anyMatch(scope -> caller.may(scope, study));
    }
}
