package dev.castellan.operator.topic;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Runs independent requests to the API server, one a topic, and returns when all have ended. */
@FunctionalInterface
public interface Together {
    /** None of them may throw. */
    void run(List<Runnable> requests);

    /** So many at a time: enough to hide the network, too few to crowd out others at the API server. */
    static Together atMost(int limit) {
        return requests -> {
            if (requests.size() == 1) {
                requests.getFirst().run();
                return;
            }
            var permits = new Semaphore(limit);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var running = requests.stream()
                        .map(request -> threads.submit(() -> {
                            permits.acquireUninterruptibly();
                            try {
                                request.run();
                            } finally {
                                permits.release();
                            }
                        }))
                        .toList();
                for (var one : running) {
                    one.get();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("A request was to handle its own failures", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }
}
