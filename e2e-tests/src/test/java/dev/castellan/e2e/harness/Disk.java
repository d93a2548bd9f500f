package dev.castellan.e2e.harness;

/** A disk in a Kubernetes node, which may fail as disks do: what has been read is there for a while, and writing ends. */
public final class Disk {
    private final TestKubernetes kubernetes;
    private final String host;
    private final String name;

    private Disk(TestKubernetes kubernetes, String host, String name) {
        this.kubernetes = kubernetes;
        this.host = host;
        this.name = name;
    }

    static Disk in(TestKubernetes kubernetes, String host, String name) {
        var disk = new Disk(kubernetes, host, name);
        disk.run("""
                for i in $(seq 0 31); do [ -e /dev/loop$i ] || mknod /dev/loop$i b 7 $i; done
                mkdir -p /disk-images %1$s
                truncate -s 500M %2$s
                mkfs.ext4 -q %2$s
                mount -o loop %2$s %1$s
                """);
        return disk;
    }

    public String host() {
        return host;
    }

    public String name() {
        return name;
    }

    public String path() {
        return "/disks/" + name;
    }

    /** As the kernel ends a file system when the device under it returns errors. */
    public void fail() {
        run("mount -o remount,abort %1$s");
    }

    /** To the last byte. */
    public void fill() {
        run("cat /dev/zero >%1$s/ballast || true");
    }

    public void makeRoom() {
        run("rm %1$s/ballast");
    }

    /** While nobody uses it. */
    public void mend() {
        run("umount %1$s && mount -o loop %2$s %1$s");
    }

    /** Whoever still uses it may go on. */
    public void remove() {
        run("umount -l %1$s && rm %2$s");
    }

    private void run(String script) {
        kubernetes.run(host, script.formatted(path(), "/disk-images/" + name));
    }
}
