package io.straightedge.deploy.backtest;

/** What a run under test shares with runs that its history must not hold. */
public enum LeaveOut {
    /** The model's size, else the family. */
    GROUP,
    /** Only itself. */
    RUN,
    /** All of its source. */
    SOURCE,
    /** Nothing is left out, so there is no history in the same source. */
    NONE
}
