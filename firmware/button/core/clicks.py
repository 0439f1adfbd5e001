"""Edges go in, gestures come out. Times are microseconds on a clock that does not wrap.

Nothing here polls: `deadline_us` names the next moment at which something is decided without an
edge, and edges may arrive late, as long as they arrive in order. The rules are those of the
design, section 4; where they leave a choice, the more severe gesture is taken.

What is one press is decided in `contacts`. A *run* is presses that belong to one gesture.
"""

from button.core.contacts import NEVER, NOISE, OPENED, PRESSED, TOUCHED, Contact
from button.core.gestures import LONG, TRIPLE

DOWN = 10
"""A run began: the first edge. What it will be is not known, not even that it is no noise."""
STUCK = 11
"""The key has been closed for `stuck_ms`, or was closed when the program began."""
RELEASED = 12
"""A stuck key opened: it works again."""

_QUIET_US = 2000000
"""After noise, the next DOWN waits for so long until its press is certain, or a wet key would keep
the radio and the phone's receiver busy."""


class Timing:
    """What the detector goes by. Data, with a bound for each value; see `check`.

    The restrike values are for a wearer whose tremor strikes the key twice: a press of less than
    `restrike_ms` that begins less than `restrike_gap_ms` after a click is that click again, once.
    They cost whoever clicks that fast a click, so they are 0, off, unless somebody chose them.
    """

    BOUNDS_MS = (
        ("glitch_ms", 0, 14),
        ("release_ms", 10, 200),
        ("gap_ms", 150, 2000),
        ("long_ms", 500, 5000),
        ("stuck_ms", 5000, 300000),
        ("restrike_gap_ms", 0, 250),
        ("restrike_ms", 0, 120),
    )

    def __init__(
        self,
        glitch_ms: int = 4,
        release_ms: int = 45,
        gap_ms: int = 500,
        long_ms: int = 2000,
        stuck_ms: int = 30000,
        restrike_gap_ms: int = 0,
        restrike_ms: int = 0,
    ):
        self.glitch_ms = glitch_ms
        self.release_ms = release_ms
        self.gap_ms = gap_ms
        self.long_ms = long_ms
        self.stuck_ms = stuck_ms
        self.restrike_gap_ms = restrike_gap_ms
        self.restrike_ms = restrike_ms
        self.check()

    def check(self) -> None:
        """Raise ValueError naming the value that is out of bounds."""
        for name, least, most in self.BOUNDS_MS:
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError("%s = %s is not in %d..%d" % (name, value, least, most))
        if self.release_ms >= self.gap_ms:
            raise ValueError("release_ms must be less than gap_ms")
        if self.gap_ms >= self.long_ms:
            raise ValueError("gap_ms must be less than long_ms")


class Clicks:
    """The detector. Feed every edge to `edge` and call `advance` when `deadline_us` has come.

    Both return events, oldest first: tuples (DOWN | SINGLE | DOUBLE | TRIPLE | LONG | STUCK |
    RELEASED, t_us), where t_us is when it was decided by the rules, however late that is noticed;
    for DOWN it is the first edge.
    """

    def __init__(self, timing: Timing):
        self.deadline_us = NEVER
        self._contact = Contact(timing.glitch_ms * 1000, timing.release_ms * 1000)
        self._gap_us = timing.gap_ms * 1000
        self._long_us = timing.long_ms * 1000
        self._stuck_us = timing.stuck_ms * 1000
        self._restrike_gap_us = timing.restrike_gap_ms * 1000
        self._restrike_us = timing.restrike_ms * 1000
        self._now_us = 0  # the latest moment that was decided
        self._spent = False  # the gesture of this press is out: nothing else comes of it
        self._stuck = False
        self._in_run = False
        self._announced = False  # DOWN of this run is out
        self._quiet_until_us = 0
        self._count = 0  # clicks in the run; stays at 3 after a triple
        self._released_us = 0  # last release edge of the run
        self._restruck = False  # the last click of the run has struck again

    def begin(self, t_us: int, pressed: bool, is_press: bool) -> list[tuple[int, int]]:
        """Say how the key was when the program began. Returns events.

        Args:
            t_us: when that was.
            pressed: the level then.
            is_press: it is known that somebody presses, since it woke the chip: that counts from
                its first edge, even if it has ended meanwhile. Otherwise a key that is closed is a
                fault until it opens.
        """
        events: list[tuple[int, int]] = []
        if is_press:
            self._contact.begin(t_us, pressed)
            self._in_run = self._announced = True
            events.append((DOWN, t_us))
        elif pressed:
            self._contact.begin(t_us, True)
            self._spent = self._stuck = True
            events.append((STUCK, t_us))
        self._plan()
        return events

    def edge(self, t_us: int, pressed: bool) -> list[tuple[int, int]]:
        """The key closed or opened at `t_us`. A repeated level changes nothing."""
        events = self.advance(t_us)
        if pressed and self._contact.stale(t_us):
            self._changed(self._contact.forget(), t_us, events)
            self._plan()
            events += self.advance(t_us)
        self._changed(self._contact.edge(t_us, pressed), t_us, events)
        self._plan()
        return events

    def advance(self, now_us: int) -> list[tuple[int, int]]:
        """Decide all that is due at `now_us`."""
        events: list[tuple[int, int]] = []
        while self.deadline_us <= now_us:
            # Noise can hide a moment until it is over.
            t_us = self._now_us = max(self._now_us, self.deadline_us)
            if self._contact.deadline_us == self.deadline_us:
                self._changed(self._contact.advance(), t_us, events)
            elif not self._contact.pressed:
                self._end_run(t_us, events)
            elif not self._spent:
                self._spent = True
                events.append((LONG, t_us))
            else:
                self._stuck = True
                events.append((STUCK, t_us))
            self._plan()
        return events

    def _changed(self, change, t_us, events):
        if change == TOUCHED:
            if not self._in_run:
                self._in_run = True
                self._restruck = True  # there is no click yet that could strike again
                self._count = 0
                self._announced = t_us >= self._quiet_until_us
                if self._announced:
                    events.append((DOWN, t_us))
        elif change == NOISE:
            self._quiet_until_us = t_us + _QUIET_US
            if not self._count:
                self._in_run = False
        elif change == PRESSED:
            if not self._announced:
                self._announced = True
                events.append((DOWN, self._contact.pressed_us))
        elif change == OPENED:
            self._opened(t_us, events)

    def _opened(self, t_us, events):
        if self._spent:
            if self._stuck:
                events.append((RELEASED, t_us))
            self._spent = self._stuck = self._in_run = False
            return
        contact = self._contact
        self._restruck = (
            not self._restruck
            and contact.pressed_us - self._released_us < self._restrike_gap_us
            and contact.opened_us - contact.pressed_us < self._restrike_us
        )
        self._released_us = contact.opened_us
        if self._restruck:
            return
        if self._count < TRIPLE:
            self._count += 1
            if self._count == TRIPLE:
                events.append((TRIPLE, t_us))

    def _end_run(self, t_us, events):
        if self._count < TRIPLE:
            events.append((self._count, t_us))  # SINGLE is 1, DOUBLE is 2
        self._in_run = False

    def _plan(self):
        contact = self._contact
        t_us = contact.deadline_us
        if contact.pressed:
            if not self._spent:
                t_us = min(t_us, contact.pressed_us + self._long_us)
            elif not self._stuck:
                t_us = min(t_us, contact.pressed_us + self._stuck_us)
        elif self._in_run and not contact.touched:
            t_us = min(t_us, self._released_us + self._gap_us)
        self.deadline_us = t_us
