"""Chunks, their chain, the ring they come from, and the pace of samples."""

from button.core.adpcm import samples_in
from button.core.pace import Pace
from button.core.recording import (
    DATA,
    HEADER_BYTES,
    PREV_BYTES,
    STOPPED,
    Chain,
    Chunk,
    End,
    RecordingError,
    final,
    seal_of,
    unpack,
)
from button.core.ring import Ring
from button.core.wire import EventId

ID = EventId(b"12345678", 3)


def chunk(index=0, payload=b"sound", prev=bytes(16)):
    return Chunk(DATA, 0, 16000, ID, index, 4089 * index, 1000, 0, 4089, prev, payload)


def refused(data):
    try:
        unpack(data)
    except RecordingError:
        return True
    return False


def test_a_chunk_comes_back_as_it_was():
    made = chunk(7)
    back = unpack(made.pack() + b"more")
    assert back.pack() == made.pack()
    assert (back.recording, back.count, back.first_sample) == (ID, 4089, 7 * 4089)


def test_what_is_cut_short_or_no_chunk_is_refused():
    whole = chunk().pack()
    assert refused(b"")
    assert refused(whole[:-1])
    assert refused(whole[: HEADER_BYTES - 1])
    assert refused(b"X" + whole[1:])
    assert refused(whole[:4] + b"\x07" + whole[5:])


def test_the_chain_depends_on_everything_before_it():
    one, other = Chain(ID), Chain(ID)
    start = one.head
    one.add(b"head", b"sound")
    other.add(b"head", b"sounD")
    assert start != one.head != other.head
    resumed = Chain(ID, one.head)
    one.add(b"a", b"b")
    resumed.add(b"a", b"b")
    assert one.head == resumed.head
    assert Chain(EventId(b"12345678", 4)).head != start


def test_the_end_tells_what_it_all_comes_to():
    chain = Chain(ID)
    made = final(chain, ID, 8000, 7, STOPPED, 12, 40000, 3)
    assert made.prev == chain.head[:PREV_BYTES]
    back = End.unpack(unpack(made.pack()).payload)
    assert (back.reason, back.chunks, back.samples, back.lost) == (STOPPED, 12, 40000, 3)
    assert back.seal == seal_of(chain, made.header(), made.payload)
    try:
        End.unpack(b"short")
    except RecordingError:
        return
    raise AssertionError


def test_every_byte_of_the_final_chunk_counts_for_its_seal():
    chain = Chain(ID)
    raw = final(chain, ID, 8000, 7, STOPPED, 12, 40000, 3).pack()
    for i in range(len(raw)):
        changed = bytearray(raw)
        changed[i] ^= 1
        header, payload = bytes(changed[:HEADER_BYTES]), bytes(changed[HEADER_BYTES:])
        assert payload[-32:] != seal_of(chain, header, payload)


def fill(ring, count, blocks=1):
    for _ in range(blocks):
        at = ring.begin(ring.end * 4089, ring.end * 255, 0)
        if at is None:
            return False
        ring.memory[at] = ring.end + 1
        ring.close(count)
    return True


def test_a_ring_keeps_the_newest():
    ring = Ring(3)
    assert fill(ring, 4089, 5)
    assert (ring.first, ring.end, ring.free) == (2, 5, 0)
    assert [ring.payload(b)[0] for b in (2, 3, 4)] == [3, 4, 5]
    assert ring.facts(4) == (4 * 4089, 4 * 255, 0, 4089)


def test_a_protected_ring_takes_no_more_than_it_can_hold():
    ring = Ring(3)
    ring.protected = True
    assert fill(ring, 4089, 3)
    assert not fill(ring, 4089)
    ring.release(1)
    assert ring.free == 1
    assert fill(ring, 4089)


def test_a_block_that_is_cut_short_is_as_long_as_its_samples_need():
    ring = Ring(2)
    for count, used in ((1, 4), (2, 5), (9, 8), (10, 9), (4089, 2048)):
        ring.begin(0, 0, 0)
        ring.close(count)
        assert len(ring.payload(ring.end - 1)) == used
        assert count <= samples_in(used)


def test_releasing_twice_or_too_much_does_no_harm():
    ring = Ring(2)
    fill(ring, 1, 2)
    ring.release(9)
    ring.release(0)
    assert (ring.first, ring.end) == (2, 2)


RATE, CAPACITY, BUFFER = 16000, 2048, 256


def pace():
    made = Pace(RATE, CAPACITY, BUFFER)
    made.start(1000000)
    return made


def at_us(samples):
    return 1000000 + samples * 1000000 // RATE


def test_who_reads_in_time_has_lost_nothing():
    p = pace()
    for n in range(1, 1000):
        assert p.lost(at_us(640 * n)) == 0
        p.read(640 * n // BUFFER * BUFFER - p.position)
        assert p.emptied(at_us(640 * n)) == 0


def test_who_comes_late_has_lost_what_the_buffers_could_not_hold():
    for filled in (0, 1, 100, BUFFER - 1):  # of the buffer that is being filled
        p = pace()
        p.read(4 * BUFFER)
        assert p.lost(at_us(4 * BUFFER + CAPACITY + filled)) == 0
        assert p.lost(at_us(4 * BUFFER + CAPACITY + 12 * BUFFER + filled)) == 12 * BUFFER
        assert p.position == 16 * BUFFER
        p.read(CAPACITY)
        assert p.emptied(at_us(4 * BUFFER + CAPACITY + 12 * BUFFER + filled)) == 0


def test_a_buffer_that_nobody_counted_is_missed_when_there_is_no_more_to_read():
    p = pace()
    p.read(8 * BUFFER)
    assert p.emptied(at_us(9 * BUFFER - 1)) == 0
    assert p.emptied(at_us(9 * BUFFER + 1)) == BUFFER
    assert p.position == 9 * BUFFER


def test_positions_are_times():
    p = pace()
    assert p.heard_us(0) == 1000000
    assert p.heard_us(RATE * 3600) == 1000000 + 3600 * 1000000
