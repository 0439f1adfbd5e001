"""From the key's samples to gestures."""

from button.core.clicks import Clicks
from button.core.samples import Samples
from button.services.service import Service


class Gestures(Service):
    """Runs the detector on the key's samples and tells `on_event(event, t_us)` what came out."""

    def __init__(self, key, clock, timing, on_event):
        super().__init__(key.flag)
        self._key = key
        self._clock = clock
        self._on_event = on_event
        self._clicks = Clicks(timing)
        self._samples = Samples(False)

    def begin(self, woken_by_key):
        """Take the key as it was when the program began; what it did since is in its samples."""
        pressed = self._key.pressed_at_start
        self._samples = Samples(pressed)
        self._tell(self._clicks.begin(0, pressed, woken_by_key))

    def blind(self, from_ticks, until_ticks):
        """Nothing could be sampled between these two ticks_us()."""
        self._samples.blind(self._clock.at_us(from_ticks), self._clock.at_us(until_ticks))

    def step(self):
        """Decide all that the samples so far allow."""
        while True:
            sample = self._key.take()
            if sample is None:
                break
            self._feed(self._samples.sample(self._clock.at_us(sample[0]), sample[1]))
        now_us = self._clock.now_us()
        self._feed(self._samples.settle(now_us, self._key.pressed()))
        self._tell(self._clicks.advance(now_us))
        wait_us = self._clicks.deadline_us - self._clock.now_us()
        return None if wait_us > 1 << 40 else max(0, (wait_us + 999) // 1000)

    def _feed(self, edges):
        for t_us, level in edges:
            self._tell(self._clicks.edge(t_us, level))

    def _tell(self, events):
        for event, t_us in events:
            self._on_event(event, t_us)
