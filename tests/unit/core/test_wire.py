"""The messages and their bytes."""

from button.core import wire
from button.core.framing import OVERHEAD, FrameError, PlainFraming
from button.core.wire import (
    Ack,
    Alert,
    Down,
    EventId,
    Feedback,
    Hello,
    Siren,
    State,
    WireError,
    unpack_down,
    unpack_up,
)

ID = EventId(b"\x01\x02\x03\x04\x05\x06\x07\x08", 0x1234)
UP = (
    Down(ID, 70000),
    Alert(ID, 1, 2, 5000, 3912, 3),
    State(1, ID.boot_id, 99, 3900, 5, 2, 3, 70000),
)
DOWN = (Hello(1), Ack(ID), Feedback(ID, wire.SEEN), Siren(True))


def refused(work, *args):
    try:
        work(*args)
    except (WireError, FrameError):
        return True
    return False


def test_messages_come_back_as_they_were():
    for message in UP:
        assert unpack_up(message.pack()).pack() == message.pack()
    for message in DOWN:
        assert unpack_down(message.pack()).pack() == message.pack()


def test_the_bytes_of_an_alert_are_these():
    expected = b"\x02\x01\x02\x03\x04\x05\x06\x07\x08\x34\x12\x01\x02\x88\x13\x00\x00\x48\x0f\x03"
    assert UP[1].pack() == expected


def test_each_side_refuses_the_messages_of_its_own():
    for message in UP:
        assert refused(unpack_down, message.pack())
    for message in DOWN:
        assert refused(unpack_up, message.pack())


def test_wrong_lengths_and_unknown_types_are_refused():
    assert refused(unpack_up, b"") and refused(unpack_down, b"\x7f\x00")
    for message in UP:
        assert refused(unpack_up, message.pack() + b"\x00")
        assert refused(unpack_up, message.pack()[:-1])


def test_values_out_of_range_are_refused():
    assert refused(unpack_up, Alert(ID, 3, 2, 0, 0, 0).pack())  # weaker than its gesture
    assert refused(unpack_up, Alert(ID, 0, 2, 0, 0, 0).pack())
    assert refused(unpack_up, Alert(ID, 1, 5, 0, 0, 0).pack())
    assert refused(unpack_down, Feedback(ID, wire.PHONE_HAS_IT).pack())
    assert refused(unpack_down, b"\x84\x02")
    assert refused(EventId, b"short", 1) and refused(EventId, b"12345678", 65536)


def test_long_ages_are_said_as_the_greatest():
    assert Down.unpack(UP[0].pack()[1:]).age_ms == 65535
    assert Alert.unpack(Alert(ID, 1, 1, 1 << 40, 0, 0).pack()[1:]).age_ms == wire.AGE_MAX_MS


def test_event_ids_are_equal_by_value_and_readable():
    assert EventId(ID.boot_id, ID.seq) == ID
    assert {ID: 1}[EventId(ID.boot_id, ID.seq)] == 1
    assert repr(ID) == "0102030405060708-4660"


def test_a_frame_is_taken_once_and_in_order():
    ours, theirs = PlainFraming(), PlainFraming()
    first, second = ours.seal(b"one"), ours.seal(b"two")
    assert len(first) == 3 + OVERHEAD
    assert theirs.open(first) == b"one"
    assert refused(theirs.open, first)
    assert theirs.open(second) == b"two"
    theirs.restart()
    assert theirs.open(first) == b"one"


def test_frames_of_another_version_or_none_are_refused():
    framing = PlainFraming()
    assert refused(framing.open, b"") and refused(framing.open, b"\x01\x01\x00\x00\x00")
    assert refused(framing.open, b"\x02\x01\x00\x00\x00hello")
