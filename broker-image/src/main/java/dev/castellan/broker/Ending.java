package dev.castellan.broker;

import dev.castellan.broker.agent.NodeFacts.Phase;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * How the process ends, and what it leaves behind for whoever asks why.
 *
 * <p>A signal handler, not a shutdown hook: the exit code is then 0 for a controlled shutdown, logging works to the end, and Kafka's own
 * halt on a fatal error is not mistaken for a wish to stop.
 */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private final LastWords words;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Consumer<Phase> listener = phase -> {};

    Ending(LastWords words) {
        this.words = words;
    }

    void tell(Consumer<Phase> listener) {
        this.listener = listener;
    }

    /** Stops also a server that is still starting, as one is that waits for its quorum. */
    void stopOnSignal(Runnable stop) {
        for (String name : new String[] {"TERM", "INT"}) {
            Signal.handle(new Signal(name), signal -> {
                if (stopping.compareAndSet(false, true)) {
                    Thread.ofPlatform().name("castellan-stop").start(() -> stop(signal.getName(), stop));
                }
            });
        }
    }

    private void stop(String signal, Runnable stop) {
        LOG.info("SIG{}: controlled shutdown begins", signal);
        listener.accept(Phase.STOPPING);
        try {
            stop.run();
        } catch (RuntimeException e) {
            LOG.error("The controlled shutdown failed", e);
            System.exit(1);
        }
        LOG.info("Controlled shutdown complete");
        System.exit(0);
    }

    /** The server has ended: as asked, or for a reason that it logged itself. */
    void serverEnded() {
        if (stopping.get()) {
            return;
        }
        listener.accept(Phase.ENDED);
        fatal(new Fatal("Kafka's server ended by itself; its reason is in the log above"));
    }

    void fatal(Throwable failure) {
        if (stopping.get()) {
            LOG.info("The start was cut short by the shutdown", failure);
            return;
        }
        if (!(failure instanceof Fatal)) {
            LOG.error("This node cannot run", failure);
        }
        String reason = "FATAL: " + reason(failure);
        words.reason(reason);
        System.out.println(reason); // the stream of the log, so that this is its last line
        System.exit(1);
    }

    /** The outermost message says what was tried and the innermost why it failed; what lies between repeats them. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String outer = describe(failure);
        return root == failure ? outer : outer + ": " + describe(root);
    }

    private static String describe(Throwable failure) {
        return failure instanceof Fatal
                ? failure.getMessage()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
