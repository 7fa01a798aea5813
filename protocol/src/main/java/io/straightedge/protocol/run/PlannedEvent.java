package io.straightedge.protocol.run;

/**
 * A change announced beforehand, so that no detector takes it for trouble.
 *
 * @param kind {@code lr-drop}, {@code batch-ramp}, {@code data-change} or the job's own word
 * @param step where it happens
 */
public record PlannedEvent(String kind, long step) {
    public PlannedEvent {
        Names.require(kind, "plannedEvents.kind");
        Names.requireNotNegative(step, "plannedEvents.step");
    }
}
