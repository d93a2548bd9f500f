package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Steady traffic through one topic, and the proof that what was acknowledged is there. */
interface Flow extends AutoCloseable {
    /** Waits until all partitions take something anew, and all that was acknowledged is read; tells what is wrong. */
    List<String> checkpoint(Duration patience) throws InterruptedException;

    /** Sends nothing more until {@link #resume}; returns once all on the way has met its fate. */
    void pause(Duration patience) throws InterruptedException;

    void resume();

    /** Reads the whole topic again with a new consumer of its own, and holds it against all promises. */
    List<String> readAgain(Duration patience);

    void measureWaitsAnew();

    Map<String, String> report();

    @Override
    void close() throws InterruptedException;
}
