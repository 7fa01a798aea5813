package io.straightedge.publisher.notify;

/**
 * What a sink wants to hear.
 *
 * @param name of the sink
 * @param resends whether it forgets what is not said again and again
 * @param acknowledges whether it knows that a person can take an alert on
 * @param information whether it hears what is for information only
 */
record Recipient(String name, boolean resends, boolean acknowledges, boolean information) {}
