"""A ring of blocks keeps what it says it keeps, whatever happens to it in which order."""

from button.core.adpcm import bytes_of
from button.core.recording import BLOCK_BYTES
from button.core.ring import Ring

BEGIN, CLOSE, ABANDON, RELEASE, PROTECT, EXPOSE = 0, 1, 2, 3, 4, 5


class Keeper:
    """A ring, and beside it what must be in it."""

    def __init__(self, size):
        self.ring = Ring(size)
        self.at = 0
        self.facts = {}  # of every whole block
        self.written = 0

    def do(self, what, n):
        """One thing that can happen, if it can happen now; `n` says how."""
        ring = self.ring
        if what == BEGIN and not ring.open:
            self.begin(n)
        elif what == CLOSE and ring.open:
            self.close(n)
        elif what == ABANDON:
            ring.abandon()
        elif what == RELEASE:
            ring.release(ring.first + n % 4)
        elif what in (PROTECT, EXPOSE):
            ring.protected = what == PROTECT

    def begin(self, n):
        ring = self.ring
        first, free = ring.first, ring.free
        at = ring.begin(n, n + 1, n + 2)
        if at is None:
            assert free == 0 and ring.protected and not ring.open
            return
        assert free > 0 or not ring.protected
        assert ring.first == (first if free else first + 1)  # only the oldest goes
        self.at = at
        self.written = n & 255
        ring.memory[at] = self.written
        ring.memory[at + BLOCK_BYTES - 1] = self.written

    def close(self, n):
        count = n % 4089 + 1
        facts = self.ring._first_samples[self.ring.end % self.ring.size]
        self.facts[self.ring.end] = (facts, facts + 1, facts + 2, count)
        self.ring.close(count)

    def check(self):
        """Everything from `first` to `end` is there and is what was written."""
        ring = self.ring
        assert 0 <= ring.end - ring.first <= ring.size
        assert ring.free == ring.size - (ring.end - ring.first)
        for block in range(ring.first, ring.end):
            facts = self.facts[block]
            assert ring.facts(block) == facts
            payload = ring.payload(block)
            assert len(payload) == bytes_of(facts[3])
            assert payload[0] == facts[0] & 255
            if facts[3] >= 4088:
                assert payload[BLOCK_BYTES - 1] == facts[0] & 255
        if ring.open:
            whole = [b % ring.size for b in range(ring.first, ring.end)]
            assert self.at // BLOCK_BYTES not in whole


def test_a_ring_keeps_what_it_says_it_keeps():
    seed = 1
    for size in (1, 2, 3, 7):
        keeper = Keeper(size)
        for _ in range(400):
            seed = (seed * 75 + 74) % 65537
            keeper.do(seed % 11 % 6, seed)
            keeper.check()
        assert keeper.ring.end > 2 * size


def test_what_is_protected_stays_until_it_is_released():
    keeper = Keeper(3)
    keeper.do(PROTECT, 0)
    for n in range(10):
        keeper.do(BEGIN, n)
        keeper.do(CLOSE, 4088)
    assert (keeper.ring.first, keeper.ring.end) == (0, 3)
    keeper.do(RELEASE, 2)
    for n in range(10, 20):
        keeper.do(BEGIN, n)
        keeper.do(CLOSE, 4088)
    assert (keeper.ring.first, keeper.ring.end) == (2, 5)
    keeper.check()


def test_an_abandoned_block_was_never_there():
    keeper = Keeper(2)
    keeper.do(BEGIN, 5)
    keeper.do(CLOSE, 4088)
    keeper.do(BEGIN, 6)
    keeper.do(ABANDON, 0)
    assert keeper.ring.end == 1
    keeper.do(BEGIN, 7)
    keeper.do(CLOSE, 10)
    keeper.check()
    assert keeper.ring.facts(1) == (7, 8, 9, 11)
