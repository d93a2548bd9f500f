package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * As many Kubernetes as classes of tests run at a time: each class has one for itself, since some kill its nodes or the operator.
 * What they wait for, brokers that time out and processes that are started again ever more rarely, they wait for together.
 */
final class Suites implements AutoCloseable {
    private final Semaphore free;
    private final Deque<Suite> idle = new ArrayDeque<>();
    private final List<Suite> all = new ArrayList<>();
    private int started;

    Suites(int most) {
        this.free = new Semaphore(most, true);
        clear(Setting.OUTPUT);
        TestKubernetes.clearLeftovers();
    }

    /** Waits for one that nobody uses; it is given back when the loan is closed. */
    Loan borrow() {
        free.acquireUninterruptibly();
        try {
            return new Loan(next());
        } catch (RuntimeException | Error e) {
            free.release();
            throw e;
        }
    }

    private Suite next() {
        int number;
        synchronized (this) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
            number = ++started;
        }
        var suite = Suite.start(number);
        synchronized (this) {
            all.add(suite);
        }
        return suite;
    }

    private synchronized void giveBack(Suite suite) {
        idle.push(suite);
        free.release();
    }

    synchronized List<KubernetesClient> clients() {
        return all.stream().map(suite -> suite.client).toList();
    }

    @Override
    public synchronized void close() {
        all.forEach(Suite::close);
    }

    private static void clear(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (var found = Files.walk(folder)) {
                    for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A suite for one class of tests. */
    final class Loan implements AutoCloseable {
        final Suite suite;

        private Loan(Suite suite) {
            this.suite = suite;
        }

        @Override
        public void close() {
            giveBack(suite);
        }
    }
}
