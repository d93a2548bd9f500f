package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What is done for nodes whose Kubernetes node is gone, and with it their disks, or of which a disk has failed. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Healing {
    @JsonPropertyDescription(
            "How long a Kubernetes node may be gone or not ready before a broker or controller whose disk"
                    + " lies on it is made again elsewhere, with the same id and an empty disk that its peers fill; and how"
                    + " long a disk may have failed before it is replaced. If the Kubernetes node is back before, or the disk"
                    + " is well, nothing happens. Default: 10m.")
    @Pattern("^([0-9]{1,5}[smh]){1,3}$")
    public String brokerGrace;

    @JsonPropertyDescription(
            "false: such a broker waits for its Kubernetes node, or for its disk, however long that takes."
                    + " Default: true."
                    + " A disk with what may be the only copy of an acknowledged record is kept in any case.")
    public Boolean replaceLostVolumes;

    @JsonPropertyDescription(
            "Uids (metadata.uid) of PersistentVolumeClaims on Kubernetes nodes that you know to be gone for good,"
                    + " or on disks that have failed, whose data you give up: partitions whose only copy lay there come back"
                    + " empty. With ephemeral storage, uids of pods. The condition Stalled tells which to add, and names the"
                    + " partitions. What comes in their place has other uids: your word says nothing about a later loss. Default:"
                    + " none.")
    @Size(max = 100)
    @ValidationRule(
            value = "self.all(u, u.matches('^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'))",
            message =
                    "healing.acceptDataLossOn takes uids of PersistentVolumeClaims (of pods, with ephemeral storage), not"
                            + " names: add those that the condition Stalled tells")
    // As long as any name: one that is written here by mistake is to meet the rule, which tells what else.
    public List<@Size(max = 253) String> acceptDataLossOn;
}
