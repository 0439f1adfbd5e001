"""Frames in packets, for connections that carry little."""

from button.core.packets import LAST, Joiner, PacketError, split


def refused(joiner, packet):
    try:
        joiner.take(packet)
    except PacketError:
        return True
    return False


def test_a_frame_that_fits_is_one_packet():
    assert split(b"abc", 20) == [bytes([LAST]) + b"abc"]


def test_a_frame_comes_together_again_whatever_the_room():
    frame = bytes(range(250))
    for room in (9, 20, 100, 244, 251, 512):
        joiner = Joiner()
        packets = split(frame, room)
        assert max(len(p) for p in packets) <= room
        assert [joiner.take(p) for p in packets] == [None] * (len(packets) - 1) + [frame]


def test_a_frame_that_needs_too_many_packets_is_refused():
    try:
        split(bytes(1000), 20)
    except ValueError:
        return
    raise AssertionError


def test_a_frame_with_a_packet_missing_is_lost_and_the_next_is_not():
    first, second, third = split(bytes(50), 20)
    joiner = Joiner()
    assert joiner.take(first) is None
    assert refused(joiner, third)
    assert joiner.take(bytes([LAST]) + b"next") == b"next"
    assert refused(joiner, second)


def test_a_frame_that_begins_anew_forgets_its_beginning():
    first, second, third = split(bytes(range(50)), 20)
    joiner = Joiner()
    for packet in (first, second, first, second):
        assert joiner.take(packet) is None
    assert joiner.take(third) == bytes(range(50))


def test_empty_packets_are_refused():
    assert refused(Joiner(), b"")
    assert refused(Joiner(), bytes([LAST]))
