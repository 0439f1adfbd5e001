"""The alarm: sounds the siren, without flash, radio, phone or microphone."""

from button.core.patterns import SIREN, SIREN_LIMIT_MS
from button.services.service import Service


class Alarm(Service):
    """Plays the siren's pattern until somebody stops it, ten minutes at most."""

    def __init__(self, siren, clock, log, on_change):
        super().__init__()
        self._siren = siren
        self._clock = clock
        self._log = log
        self._on_change = on_change
        self._i = 0
        self._tone_until_ms = 0
        self.sounding = False
        self.since_ms = 0

    def start(self):
        """Sound at once. A start while it sounds changes nothing: its limit is a limit."""
        if self.sounding:
            return
        now_ms = self._clock.now_ms()
        self.sounding = True
        self.since_ms = now_ms
        self._i = 0
        self._tone_until_ms = now_ms  # if the tone fails, the next step tries again
        self.wake()
        self._tone(now_ms)
        self._log("siren on")
        self._on_change()

    def stop(self, why):
        """Be silent at once."""
        if not self.sounding:
            return
        self.sounding = False
        self._siren.off()
        self._log("siren off: " + why)
        self._on_change()

    def step(self):
        """The next tone when it is time."""
        if not self.sounding:
            return None
        now_ms = self._clock.now_ms()
        end_ms = self.since_ms + SIREN_LIMIT_MS
        if now_ms >= end_ms:
            self.stop("time limit")
            return None
        if now_ms >= self._tone_until_ms:
            self._i = (self._i + 1) % len(SIREN)
            self._tone(now_ms)
        return min(self._tone_until_ms, end_ms) - now_ms

    def _tone(self, now_ms):
        hz, ms = SIREN[self._i]
        self._siren.tone(hz)
        self._tone_until_ms = now_ms + ms
