package dev.castellan.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdict on transactions is that of their fates: they must notice what they are there for. */
class FatesTest {
    private final Fates fates = new Fates(2);

    @Test
    void areContentWhenWhatIsCommittedIsReadAndNothingElse() {
        fates.committed(0);
        fates.aborted(1);
        fates.committed(2);
        read(0, 2);

        assertThat(fates.hasReadUpTo(2)).isTrue();
        assertThat(problems()).isEmpty();
        assertThat(fates.countCommitted()).isEqualTo(2);
    }

    @Test
    void noticeWhatIsLostInOnePartition() {
        fates.committed(0);
        fates.committed(1);
        read(1);
        fates.read(1, 0, 0);

        assertThat(problems()).containsExactly("committed transaction 0 is LOST in 1 partitions of 2");
    }

    @Test
    void noticeWhatWasGivenUp() {
        fates.aborted(0);
        fates.committed(1);
        read(0, 1);

        assertThat(problems()).containsExactly("transaction 0 was given up, and is read in 2 partitions");
    }

    @Test
    void noticeWhatIsTornThoughNobodyKnowsHowItEnded() {
        fates.committed(1);
        fates.read(0, 0, 0);
        read(1);

        assertThat(problems())
                .containsExactly("transaction 0, of which nobody knows how it ended, is read in 1 partitions of 2");
    }

    @Test
    void noticeWhatIsThereTwice() {
        fates.committed(0);
        read(0);
        fates.read(0, 7, 0);

        assertThat(problems()).singleElement().asString().contains("twice");
    }

    @Test
    void haveNotReadWhatIsMissingAtTheEnd() {
        fates.committed(0);
        fates.read(0, 0, 0);

        assertThat(fates.hasReadUpTo(0)).isFalse();
        assertThat(fates.unread().problemsUpTo(0))
                .containsExactly("committed transaction 0 is LOST in 2 partitions of 2");
    }

    private void read(int... transactions) {
        for (int transaction : transactions) {
            fates.read(0, transaction, transaction);
            fates.read(1, transaction, transaction);
        }
    }

    private List<String> problems() {
        return fates.problemsUpTo(fates.lastCommitted());
    }
}
