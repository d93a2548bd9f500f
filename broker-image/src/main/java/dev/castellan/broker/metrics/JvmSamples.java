package dev.castellan.broker.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.castellan.broker.metrics.Exposition.Type;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.Map;

/** The JVM's own figures, under the names that Prometheus' Java client gives them. */
final class JvmSamples {
    private JvmSamples() {}

    static void add(Exposition page) {
        memory(page);
        garbageCollection(page);
        page.add(
                Type.GAUGE,
                "jvm_threads_current",
                Map.of(),
                ManagementFactory.getThreadMXBean().getThreadCount());
        page.add(
                Type.GAUGE,
                "process_start_time_seconds",
                Map.of(),
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            page.add(Type.COUNTER, "process_cpu_seconds_total", Map.of(), system.getProcessCpuTime() / 1e9);
            page.add(Type.GAUGE, "process_open_fds", Map.of(), system.getOpenFileDescriptorCount());
            page.add(Type.GAUGE, "process_max_fds", Map.of(), system.getMaxFileDescriptorCount());
        }
    }

    private static void memory(Exposition page) {
        var memory = ManagementFactory.getMemoryMXBean();
        area(page, "heap", memory.getHeapMemoryUsage());
        area(page, "nonheap", memory.getNonHeapMemoryUsage());
        for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            page.add(Type.GAUGE, "jvm_buffer_pool_used_bytes", Map.of("pool", pool.getName()), pool.getMemoryUsed());
        }
    }

    private static void area(Exposition page, String area, MemoryUsage usage) {
        var labels = Map.of("area", area);
        page.add(Type.GAUGE, "jvm_memory_used_bytes", labels, usage.getUsed());
        page.add(Type.GAUGE, "jvm_memory_committed_bytes", labels, usage.getCommitted());
        if (usage.getMax() >= 0) {
            page.add(Type.GAUGE, "jvm_memory_max_bytes", labels, usage.getMax());
        }
    }

    private static void garbageCollection(Exposition page) {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            var labels = Map.of("gc", collector.getName());
            page.add(Type.SUMMARY, "jvm_gc_collection_seconds", "_count", labels, collector.getCollectionCount());
            page.add(Type.SUMMARY, "jvm_gc_collection_seconds", "_sum", labels, collector.getCollectionTime() / 1e3);
        }
    }
}
