package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import org.junit.jupiter.api.Test;

/** What StatefulSets remember of trials is read as it was written, and nothing is made of what somebody else wrote there. */
class TrialRecordsTest {
    @Test
    void whatWasGoodIsReadAsItWasWritten() {
        var good = new LastGood("1a2b3c4d", "{\"spec\": {\"of\": \"a pod\"}}");

        assertThat(LastGood.of(annotated(Annotations.LAST_GOOD, good.record()))).contains(good);
    }

    @Test
    void thatThereIsNothingGoodIsKnowledgeToo() {
        var nothing = LastGood.of(annotated(Annotations.LAST_GOOD, LastGood.NOTHING.record()));

        assertThat(nothing).contains(LastGood.NOTHING);
        assertThat(LastGood.of(
                        new StatefulSetBuilder().withNewMetadata().endMetadata().build()))
                .isEmpty();
    }

    @Test
    void whatFailedIsReadAsItWasWritten() {
        var failed = new FailedTrial("1a2b3c4d", "", 1000, "broker 1000 \"does not\" come up");

        assertThat(FailedTrial.of(annotated(Annotations.FAILED_TRIAL, failed.record())))
                .contains(failed);
    }

    @Test
    void whatNobodyCanReadHasNotFailed() {
        assertThat(FailedTrial.of(annotated(Annotations.FAILED_TRIAL, "yes"))).isEmpty();
        assertThat(FailedTrial.of(annotated(Annotations.FAILED_TRIAL, "{}"))).isEmpty();
    }

    private static StatefulSet annotated(String annotation, String value) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .addToAnnotations(annotation, value)
                .endMetadata()
                .build();
    }
}
