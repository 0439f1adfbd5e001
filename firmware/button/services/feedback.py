"""Tells the wearer the truth, through the indicator."""

from button.core.patterns import BETWEEN_PATTERNS_MS, FEEDBACK, FEEDBACK_NAMES
from button.core.wire import FAILED
from button.services.service import Service


class Feedback(Service):
    """Plays feedback patterns one after the other.

    What is felt after a press is about that press: a new alert ends what is played and what waits,
    and news of older alerts is not told any more. What waits is replaced by newer news, so the
    wearer feels what is true now and not a history.
    """

    def __init__(self, indicator, clock, log):
        super().__init__()
        self._indicator = indicator
        self._clock = clock
        self._log = log
        self._newest = None
        self._news = None  # what waits to be told of the newest alert
        self._faults = []  # what waits to be told of the button itself
        self._pulses = ()
        self._i = 0
        self._on = False
        self._until_ms = 0

    def about(self, event_id):
        """The newest alert is this one; nothing is to be told of it yet."""
        self._newest = event_id

    def registered(self, state, event_id):
        """A new alert: play this at once."""
        self._log("feel %s %r" % (FEEDBACK_NAMES[state], event_id))
        self._newest = event_id
        self._news = state
        self._faults = []
        if self._i < len(self._pulses) or self._on:  # something is being played
            if self._on:
                self._indicator.set(False)
                self._on = False
            self._until_ms = self._clock.now_ms() + BETWEEN_PATTERNS_MS
        else:
            self._until_ms = 0
        self._pulses = ()
        self._i = 0
        self.wake()

    def tell(self, state, event_id):
        """Play the pattern of a state soon, if it is about the newest alert.

        A button that remembers no alert believes a failure all the same: its memory may be gone.
        """
        newest = self._newest
        if event_id != newest and not (newest is None and state == FAILED):
            self._log("old news: %s %r" % (FEEDBACK_NAMES[state], event_id))
            return
        self._log("feel %s %r" % (FEEDBACK_NAMES[state], event_id))
        self._news = state
        self.wake()

    def fault(self, state):
        """Something is wrong with the button itself."""
        self._log("feel %s" % FEEDBACK_NAMES[state])
        if state not in self._faults:
            self._faults.append(state)
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
            state = self._next()
            if state is None:
                return None
            self._pulses = FEEDBACK[state]
            self._i = 0
        self._indicator.set(True)
        self._on = True
        return self._rest(self._pulses[self._i][0])

    def _next(self):
        state, self._news = self._news, None
        if state is None and self._faults:
            state = self._faults.pop(0)
        return state

    def _rest(self, ms):
        self._until_ms = self._clock.now_ms() + ms
        return ms
