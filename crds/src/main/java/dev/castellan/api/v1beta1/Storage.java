package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/** Disks of a node: one volume named data, or several (JBOD). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value =
                "!has(self.ephemeral) || !self.ephemeral || (!has(self.storageClass) && !has(self.retain) && !has(self.volumes))",
        message = "storage.ephemeral excludes storageClass, retain and volumes, since there is no persistent volume:"
                + " remove them, or ephemeral")
@ValidationRule(
        value = "!has(self.autoGrow) || !has(self.ephemeral) || !self.ephemeral",
        message = "storage.autoGrow needs persistent volumes: remove it, or ephemeral")
@ValidationRule(
        value =
                "!has(self.autoGrow) || !has(self.size) || !quantity(self.size).isGreaterThan(quantity(self.autoGrow.max))",
        messageExpression = "'storage.size %s is more than storage.autoGrow.max %s: raise max too'"
                + ".format([string(self.size), string(self.autoGrow.max)])",
        message = "storage.size is more than storage.autoGrow.max: raise max too")
@ValidationRule(
        value = "!has(self.volumes) || (!has(self.size) && !has(self.storageClass))",
        message = "storage.volumes excludes storage.size and storage.storageClass: set them in each of the volumes")
@ValidationRule(
        value = "!has(self.volumes) || !has(oldSelf.volumes) || (size(self.volumes) == size(oldSelf.volumes) && "
                + "oldSelf.volumes.all(o, self.volumes.exists(n, n.name == o.name)))",
        message =
                "storage.volumes: volumes cannot be added, removed or renamed after creation: data does not move between"
                        + " disks; make a new pool of brokers, or a new cluster")
public class Storage {
    @JsonPropertyDescription(
            "Size of the one volume of each node, for example 100Gi. With ephemeral: the most that the"
                    + " pod may use before it is evicted. Default: 10Gi; with ephemeral no limit. It can never shrink. May be"
                    + " raised at any time: volumes grow while brokers run, if their StorageClass has allowVolumeExpansion: true.")
    public Quantity size;

    @JsonPropertyDescription("Name of the StorageClass. Default: the default class of the Kubernetes cluster. Cannot be"
            + " changed after creation.")
    @Size(min = 1, max = 253)
    public String storageClass;

    @JsonPropertyDescription("true: no persistent volume; the data goes with the pod. Only for trying things out."
            + " Default: false. Cannot be changed after creation.")
    public Boolean ephemeral;

    @JsonPropertyDescription("false: the volumes, and with them all data, are deleted with the KafkaCluster. Default:"
            + " true, they stay, and a KafkaCluster of the same name takes them over again with all messages. May be"
            + " changed at any time.")
    public Boolean retain;

    @JsonPropertyDescription("Several volumes for each node (JBOD) in place of one; Kafka puts each partition on one of"
            + " them. The first also holds the metadata log. Default: none. Volumes cannot be added or removed after"
            + " creation.")
    @Size(min = 1, max = 10)
    public List<Volume> volumes;

    @JsonPropertyDescription(
            "Volumes of brokers grow by themselves as they fill: each by a quarter of its size when it is as"
                    + " full as said here, as often as needed, and never beyond max. Their StorageClass needs"
                    + " allowVolumeExpansion: true. size stays as it is, and is what new nodes get. Brokers tell about once a minute"
                    + " how full their volumes are. Default: volumes grow only when size is raised. Not for dedicated controllers,"
                    + " whose volumes hold nothing but metadata.")
    public AutoGrow autoGrow;

    /** One volume of several. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value =
                    "(has(self.storageClass) ? self.storageClass : '') == (has(oldSelf.storageClass) ? oldSelf.storageClass : '')",
            message = "storageClass of a volume cannot be changed after creation: existing disks stay where they are")
    public static class Volume {
        @JsonPropertyDescription("Name of the volume, part of the names of its claims and of its path"
                + " /var/lib/kafka/<name>, for example disk1. Cannot be changed.")
        @Required
        @Size(min = 1, max = 20)
        @Pattern("^[a-z]([-a-z0-9]*[a-z0-9])?$")
        public String name;

        @JsonPropertyDescription(
                "Size of the volume, for example 500Gi. It can never shrink. May be raised at any time:"
                        + " volumes grow while brokers run, if their StorageClass has allowVolumeExpansion: true.")
        @Required
        @ValidationRule(
                value = "!quantity(self).isLessThan(quantity(oldSelf))",
                messageExpression = "'the size of a volume cannot shrink from ' + oldSelf + ' to ' + self + "
                        + "': Kubernetes never makes a volume smaller; set it to at least ' + oldSelf",
                message = "the size of a volume cannot shrink: Kubernetes never makes a volume smaller")
        public Quantity size;

        @JsonPropertyDescription(
                "Name of the volume's StorageClass. Default: the default class of the Kubernetes cluster."
                        + " Cannot be changed after creation.")
        @Size(min = 1, max = 253)
        public String storageClass;
    }
}
