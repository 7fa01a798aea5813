package io.straightedge.deploy.node;

import io.straightedge.publisher.rule.RuleBook;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How alerts are raised and told.
 *
 * @param page under which address people find the dashboard, for links in what is told; null for this process's own
 */
public record Alerting(RuleBook rules, @Nullable URI page) {

    /** The built-in rules, told to the log. */
    public static final Alerting DEFAULT = new Alerting(RuleBook.DEFAULT, null);
}
