package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

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

    /** One that can be made larger while it is in use, which takes more rights for a file system on a device. */
    static Disk growing(TestKubernetes kubernetes, String host, String name, long bytes) {
        var disk = new Disk(kubernetes, host, name);
        disk.run("mkdir -p %1$s && mount -t tmpfs -o mode=777,size=" + bytes + " tmpfs %1$s");
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

    /** As a volume for whoever asks for one of this class. */
    public PersistentVolume volume(String storageClass, Quantity capacity) {
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withCapacity(Map.of("storage", capacity))
                .withAccessModes("ReadWriteOnce")
                .withPersistentVolumeReclaimPolicy("Retain")
                .withStorageClassName(storageClass)
                .withNewLocal()
                .withPath(path())
                .endLocal()
                .withNewNodeAffinity()
                .withNewRequired()
                .addNewNodeSelectorTerm()
                .addNewMatchExpression()
                .withKey("kubernetes.io/hostname")
                .withOperator("In")
                .withValues(host)
                .endMatchExpression()
                .endNodeSelectorTerm()
                .endRequired()
                .endNodeAffinity()
                .endSpec()
                .build();
    }

    /** As the kernel ends a file system when the device under it returns errors. */
    public void fail() {
        run("mount -o remount,abort %1$s");
    }

    /** To the last byte. */
    public void fill() {
        run("cat /dev/zero >%1$s/ballast || true");
    }

    /** With so many bytes more. */
    public void put(long bytes) {
        run("head -c " + bytes + " /dev/zero >>%1$s/ballast");
    }

    /** While it is in use. */
    public void grow(long bytes) {
        run("mount -o remount,size=" + bytes + " %1$s");
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
        run("umount -l %1$s && rm -f %2$s");
    }

    private void run(String script) {
        kubernetes.run(host, script.formatted(path(), "/disk-images/" + name));
    }
}
