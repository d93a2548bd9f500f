package dev.castellan.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The verdict on every end-to-end test is the ledger's: it must notice what it is there for. */
class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void isContentWhenAllThatWasAcknowledgedIsRead() {
        promised(0, 1, 2);
        seen(0, 1, 2);

        assertThat(problems()).isEmpty();
        assertThat(ledger.acknowledged()).isEqualTo(3);
        assertThat(ledger.read()).isEqualTo(3);
    }

    @Test
    void noticesALostRecord() {
        promised(0, 1, 2);
        ledger.read(0, 0, 0);
        ledger.read(0, 2, 2);

        assertThat(problems())
                .containsExactly("partition 0: 1 acknowledged records LOST, the first is record 1 at offset 1");
    }

    @Test
    void noticesALostTail() {
        promised(0, 1, 2);
        seen(0, 1);

        assertThat(ledger.hasReadUpTo(ledger.promisedOffsets())).isFalse();
        assertThat(problems()).singleElement().asString().contains("LOST", "record 2");
    }

    @Test
    void noticesADuplicate() {
        promised(0, 1);
        seen(0, 1);
        ledger.read(0, 1, 2);

        assertThat(problems()).containsExactly("partition 0: record 1 is there twice, again at offset 2");
    }

    @Test
    void noticesRecordsOutOfOrder() {
        ledger.read(0, 5, 0);
        ledger.read(0, 4, 1);

        assertThat(problems()).containsExactly("partition 0: record 4 at offset 1 is out of order");
    }

    @Test
    void noticesThatAnOffsetHoldsAnotherRecordThanItDid() {
        seen(0, 1);
        ledger.read(0, 7, 1);

        assertThat(problems()).containsExactly("partition 0: offset 1 held record 1, now it holds 7");
    }

    @Test
    void noticesThatARecordIsNotWhereItWasPromised() {
        ledger.acknowledged(0, 3, 3);
        ledger.read(0, 3, 4);

        assertThat(problems()).contains("partition 0: record 3 was acknowledged at offset 3 but read at 4");
    }

    @Test
    void forgivesSeeingARecordAgainAndRecordsThatNobodyWasPromised() {
        promised(0, 2);
        seen(0, 1, 2);
        seen(1, 2);

        assertThat(problems()).isEmpty();
        assertThat(ledger.read()).isEqualTo(3);
    }

    @Test
    void holdsASecondReadingAgainstTheSamePromises() {
        promised(0, 1);
        seen(0, 1);

        var second = ledger.unread();
        second.read(0, 0, 0);

        assertThat(problems()).isEmpty();
        assertThat(second.problemsUpTo(ledger.promisedOffsets()))
                .singleElement()
                .asString()
                .contains("LOST", "record 1");
    }

    private void promised(long... sequences) {
        for (long sequence : sequences) {
            ledger.acknowledged(0, sequence, sequence);
        }
    }

    private void seen(long... sequences) {
        for (long sequence : sequences) {
            ledger.read(0, sequence, sequence);
        }
    }

    private List<String> problems() {
        return ledger.problemsUpTo(ledger.promisedOffsets());
    }
}
