"""From the key's samples to gestures."""

from button.core.clicks import DOWN, Clicks
from button.core.samples import Samples
from button.services.service import Service


class Gestures(Service):
    """Runs the detector on the key's samples; `on_event(event, t_us, seen)` hears what came out.

    `seen` is False for a gesture made of nothing but a press that was guessed (`core.samples`).
    """

    def __init__(self, key, clock, timing, on_event):
        super().__init__(key.flag)
        self._key = key
        self._clock = clock
        self._on_event = on_event
        self._clicks = Clicks(timing)
        self._samples = Samples(key.pressed_at_start, timing.release_ms * 1000)
        self._seen = False

    def begin(self, is_press):
        """Take the key as it was when the program began; what it did since is in its samples."""
        self._tell(self._clicks.begin(0, self._key.pressed_at_start, is_press))
        self._seen = is_press

    def blind(self, from_us, until_us):
        """Nothing could be sampled between these two times."""
        self._samples.blind(from_us, until_us)

    def step(self):
        """Decide all that the samples so far allow."""
        while True:
            sample = self._key.take()
            if sample is None:
                break
            self._feed(self._samples.sample(self._clock.at_us(sample[0]), sample[1]))
        now_us = self._clock.now_us()
        self._feed(self._samples.settle(now_us, self._key.pressed()))
        if now_us >= self._clicks.deadline_us:
            self._tell(self._clicks.advance(now_us))
        wait_us = self._clicks.deadline_us - self._clock.now_us()
        return None if wait_us > 1 << 40 else max(0, (wait_us + 999) // 1000)

    def _feed(self, edges):
        for t_us, level in edges:
            self._tell(self._clicks.edge(t_us, level))
            if level and not self._samples.guessed:
                self._seen = True

    def _tell(self, events):
        for event, t_us in events:
            if event == DOWN:
                self._seen = False
            self._on_event(event, t_us, self._seen)
