"""Tells the wearer the truth, through the indicator."""

from button.core.patterns import BETWEEN_PATTERNS_MS, FEEDBACK, FEEDBACK_NAMES
from button.services.service import Service


class Feedback(Service):
    """Plays feedback patterns one after the other.

    What waits behind a pattern is replaced by newer news of the same alert, so the wearer feels
    what is true now and not a history.
    """

    def __init__(self, indicator, clock, log):
        super().__init__()
        self._indicator = indicator
        self._clock = clock
        self._log = log
        self._queue = []  # [event_id, state]
        self._pulses = ()
        self._i = 0
        self._on = False
        self._until_ms = 0

    def tell(self, state, event_id=None):
        """Play the pattern of a state soon."""
        self._log("feel %s %s" % (FEEDBACK_NAMES[state], event_id or ""))
        for waiting in self._queue:
            if event_id is not None and waiting[0] == event_id:
                waiting[1] = state
                break
        else:
            self._queue.append([event_id, state])
        self.wake()

    def step(self):
        """Switch the indicator when it is time."""
        wait_ms = self._until_ms - self._clock.now_ms()
        if wait_ms > 0:
            return wait_ms
        if self._on:
            self._indicator.set(False)
            self._on = False
            off_ms = self._pulses[self._i][1]
            self._i += 1
            return self._rest(BETWEEN_PATTERNS_MS if self._i == len(self._pulses) else off_ms)
        if self._i == len(self._pulses):
            if not self._queue:
                return None
            self._pulses = FEEDBACK[self._queue.pop(0)[1]]
            self._i = 0
        self._indicator.set(True)
        self._on = True
        return self._rest(self._pulses[self._i][0])

    def _rest(self, ms):
        self._until_ms = self._clock.now_ms() + ms
        return ms
