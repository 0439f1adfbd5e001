"""Records of alerts, and what a file of them means."""

from button.core import journal
from button.core.journal import RECORD_SIZE, Entry, Reader, acked_record, alert_record
from button.core.wire import EventId


def entry(seq):
    return Entry(EventId(b"ABCDEFGH", seq), 1, 2, 3900, 0xDEADBEEF, 1 << 40)


def read(data):
    reader = Reader()
    for at in range(0, len(data), RECORD_SIZE):
        reader.take(data[at : at + RECORD_SIZE])
    return reader.pending, reader.whole


def test_a_pending_alert_comes_back_as_it_was():
    (e,), whole = read(alert_record(entry(7)))
    assert whole
    assert e.event_id == EventId(b"ABCDEFGH", 7)
    assert (e.kind, e.level, e.battery_mv) == (1, 2, 3900)
    assert (e.clock_id, e.decided_ms) == (0xDEADBEEF, 1 << 40)


def test_an_acknowledged_alert_is_not_pending():
    data = alert_record(entry(1)) + alert_record(entry(2)) + acked_record(entry(1).event_id)
    pending, whole = read(data)
    assert whole
    assert [e.event_id.seq for e in pending] == [2]


def test_a_torn_end_is_ignored_and_noticed():
    data = alert_record(entry(1)) + alert_record(entry(2))
    for cut in range(1, RECORD_SIZE):
        pending, whole = read(data[:-cut])
        assert not whole
        assert [e.event_id.seq for e in pending] == [1]


def test_every_flipped_bit_is_noticed():
    record = alert_record(entry(1))
    for i in range(len(record) * 8):
        damaged = bytearray(record)
        damaged[i // 8] ^= 1 << i % 8
        assert read(bytes(damaged)) == ([], False)


def test_a_damaged_record_takes_no_other_with_it():
    damaged = b"X" + alert_record(entry(1))[1:]
    pending, whole = read(alert_record(entry(3)) + damaged + alert_record(entry(5)))
    assert not whole
    assert [e.event_id.seq for e in pending] == [3, 5]


def test_a_file_of_pending_alerts_is_small():
    assert read(b"") == ([], True)
    assert journal.COMPACT_AFTER * RECORD_SIZE < 4096
