package io.straightedge.deploy.command;

/** Says on standard error what is lost when the process is told to stop in the middle of long work. */
final class Interruption implements AutoCloseable {

    private final Thread hook;

    private Interruption(Thread hook) {
        this.hook = hook;
    }

    static Interruption of(String lost) {
        Thread hook = new Thread(() -> System.err.println("\nstraightedge: " + lost), "straightedge-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Interruption(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // Being stopped is what the hook is for.
        }
    }
}
