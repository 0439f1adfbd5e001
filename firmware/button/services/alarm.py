"""The alarm: sounds the siren, without flash, radio, phone or microphone. And chirps."""

from button.core.patterns import SIREN_LIMIT_MS, siren_tones
from button.services.service import Service


class Alarm(Service):
    """Plays the siren's tones until somebody stops it, ten minutes at most.

    `chirp` plays other tones once; the siren goes before any chirp.
    """

    def __init__(self, siren, resonance_hz, clock, log, on_change):
        super().__init__()
        self._siren = siren
        self._siren_tones = siren_tones(resonance_hz)
        self._clock = clock
        self._log = log
        self._on_change = on_change
        self._tones = ()  # what is being played
        self._i = 0
        self._tone_until_ms = 0
        self.sounding = False
        self.since_ms = 0

    def start(self):
        """Sound at once. A start while it sounds changes nothing: its limit is a limit."""
        if self.sounding:
            return
        self.sounding = True
        self.since_ms = self._clock.now_ms()
        self._play(self._siren_tones)
        self._log("siren on")
        self._on_change()

    def stop(self, why):
        """Be silent at once."""
        if not self.sounding:
            return
        self.sounding = False
        self._silence()
        self._log("siren off: " + why)
        self._on_change()

    def chirp(self, tones):
        """Play these tones once, unless the siren sounds."""
        if not self.sounding:
            self._play(tones)

    def step(self):
        """The next tone when it is time."""
        if not self._tones:
            return None
        now_ms = self._clock.now_ms()
        end_ms = self.since_ms + SIREN_LIMIT_MS
        if self.sounding and now_ms >= end_ms:
            self.stop("time limit")
            return None
        if now_ms >= self._tone_until_ms:
            self._i += 1
            if self._i == len(self._tones):
                if not self.sounding:
                    self._silence()
                    return None
                self._i = 0
            self._tone(now_ms)
        if self.sounding:
            return min(self._tone_until_ms, end_ms) - now_ms
        return self._tone_until_ms - now_ms

    def _play(self, tones):
        now_ms = self._clock.now_ms()
        self._tones = tones
        self._i = 0
        self._tone_until_ms = now_ms  # if the tone fails, the next step tries again
        self.wake()
        self._tone(now_ms)

    def _tone(self, now_ms):
        hz, duty_percent, ms = self._tones[self._i]
        self._siren.tone(hz, duty_percent)
        self._tone_until_ms = now_ms + ms

    def _silence(self):
        self._tones = ()
        self._siren.off()
