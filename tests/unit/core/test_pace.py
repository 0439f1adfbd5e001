"""Every sample is read or counted as lost, however late the reader comes."""

from button.core.pace import Pace

RATE, BUFFER, BUFFERS = 16000, 256, 8
BUFFER_US = BUFFER * 1000000 // RATE
MOST_AT_ONCE = 4 * BUFFER


class Chip:
    """Buffers that fill up in turn; the queue of the full ones is one shorter than they are."""

    def __init__(self):
        self.filled = 0
        self.queue = []
        self.newest = -1  # that was read

    def until(self, now_us, masked=False):
        """Time has passed. Masked, only the last of the buffers that filled up is told of."""
        full = now_us // BUFFER_US
        if masked and full > self.filled + 1:
            self.filled = full - 1
        while self.filled < full:
            self.queue.append(self.filled)
            self.filled += 1
            if len(self.queue) == BUFFERS:
                self.queue.pop(0)

    def read(self, samples):
        """How many there are of so many."""
        n = 0
        while n < samples and self.queue:
            self.newest = self.queue.pop(0)
            n += BUFFER
        return n


class Reader:
    """Reads as the capture does. The chip's clock began `early_us` before the reader looked."""

    def __init__(self, early_us=0):
        self.chip = Chip()
        self.pace = Pace(RATE, (BUFFERS - 1) * BUFFER, BUFFER)
        self.pace.start(early_us)
        self.now_us = early_us
        self.read = 0
        self.lost = []
        self.newest_misplaced = 0  # when all was read
        self.misplaced = []  # how far what was read is from where it is said to be

    def later(self, us, masked=False):
        """Come back after so long, and take all there is."""
        self.now_us += us
        self.chip.until(self.now_us, masked)
        while True:
            self.lost.append(self.pace.lost(self.now_us))
            if self.chip.queue:
                self.misplaced.append(self.chip.queue[0] * BUFFER - self.pace.position)
            n = self.chip.read(MOST_AT_ONCE)
            self.read += n
            self.pace.read(n)
            if n < MOST_AT_ONCE:
                break
        self.lost.append(self.pace.emptied(self.now_us))
        if self.chip.newest >= 0:
            self.newest_misplaced = (self.chip.newest + 1) * BUFFER - self.pace.position

    def check(self):
        """What must be true whenever there is no more to read."""
        heard = self.now_us * RATE // 1000000
        assert self.read + sum(self.lost) == self.pace.position
        assert all([n % BUFFER == 0 for n in self.lost])
        assert self.pace.position <= heard < self.pace.position + BUFFER + 16, (
            self.pace.position,
            heard,
        )


def numbers(seed, most):
    """Numbers below `most` that look random, the same in every Python."""
    while True:
        seed = (seed * 75 + 74) % 65537
        yield seed * most // 65537


def test_every_sample_is_read_or_lost():
    for seed in range(1, 20):
        reader = Reader(early_us=seed * 40)
        delays = numbers(seed, 400000)
        dice = numbers(seed + 100, 3)
        for _ in range(100):
            reader.later(next(delays), masked=next(dice) == 0)
            reader.check()
        assert sum(reader.lost) > 0


def test_who_comes_within_the_time_of_the_buffers_loses_nothing():
    for seed in range(1, 20):
        reader = Reader(early_us=seed)
        delays = numbers(seed, (BUFFERS - 1) * BUFFER_US)
        for _ in range(100):
            reader.later(next(delays))
            reader.check()
        assert sum(reader.lost) == 0


def test_what_is_read_late_has_its_place_behind_what_was_lost():
    for seed in range(1, 20):
        reader = Reader()
        delays = numbers(seed, 400000)
        for _ in range(100):
            reader.later(next(delays))
        assert reader.misplaced and not any(reader.misplaced)


def test_what_flash_hides_is_lost_but_for_the_last_buffer():
    for buffers in range(1, 7):
        reader = Reader()
        reader.later(BUFFER_US)
        reader.later(buffers * BUFFER_US + 100, masked=True)
        assert sum(reader.lost) == (buffers - 1) * BUFFER
        reader.check()


def test_the_newest_buffer_has_its_place_whatever_flash_hid():
    for seed in range(1, 20):
        reader = Reader()
        delays = numbers(seed, 200000)
        dice = numbers(seed + 100, 2)
        for _ in range(100):
            reader.later(next(delays), masked=next(dice) == 0)
            assert reader.newest_misplaced == 0


def test_a_day_late_is_a_day_lost():
    reader = Reader()
    reader.later(86400 * 1000000)
    reader.check()
    assert sum(reader.lost) == 86400 * RATE - (BUFFERS - 1) * BUFFER


def test_a_new_start_counts_anew():
    reader = Reader()
    reader.later(1000000)
    reader.pace.start(5000000)
    assert reader.pace.position == 0
    assert reader.pace.lost(5100000) == 0
    assert reader.pace.heard_us(RATE) == 6000000
