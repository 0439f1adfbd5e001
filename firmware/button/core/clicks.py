"""Edges go in, gestures come out. Times are microseconds on a clock that does not wrap.

Nothing here polls: `deadline_us` names the next moment at which something is decided without an
edge, and edges may arrive late, as long as they arrive in order. The rules are those of the
design, section 4; where they leave a choice, the more severe gesture is taken.

A *contact* is the key pressed once: closings and openings that are less than `release_ms` apart
(bounce, chatter, tremor). A *run* is contacts that belong to one gesture.
"""

from button.core.gestures import LONG, TRIPLE

DOWN = 10
"""A run began: the first edge. What it will be is not known, not even that it is no glitch."""
STUCK = 11
"""The key has been closed for `stuck_ms`, or was closed when the program began."""
RELEASED = 12
"""A stuck key opened: it works again."""

_NEVER = 1 << 60


class Timing:
    """What the detector goes by. Data, with a bound for each value; see `check`."""

    BOUNDS_MS = (
        ("glitch_ms", 0, 14),
        ("release_ms", 10, 200),
        ("gap_ms", 150, 2000),
        ("long_ms", 500, 5000),
        ("stuck_ms", 5000, 300000),
    )

    def __init__(
        self,
        glitch_ms: int = 4,
        release_ms: int = 45,
        gap_ms: int = 500,
        long_ms: int = 2000,
        stuck_ms: int = 30000,
    ):
        self.glitch_ms = glitch_ms
        self.release_ms = release_ms
        self.gap_ms = gap_ms
        self.long_ms = long_ms
        self.stuck_ms = stuck_ms
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
    RELEASED, t_us), where t_us is when it was decided by the rules, however late that is noticed.
    """

    def __init__(self, timing: Timing):
        self.deadline_us = _NEVER
        self._glitch_us = timing.glitch_ms * 1000
        self._release_us = timing.release_ms * 1000
        self._gap_us = timing.gap_ms * 1000
        self._long_us = timing.long_ms * 1000
        self._stuck_us = timing.stuck_ms * 1000
        self._closed = False  # the level after the last edge
        self._edge_us = 0  # when that edge was
        self._in_contact = False
        self._pressed_us = 0  # first edge of the contact
        self._closed_us = 0  # how long it was closed so far, without its openings
        self._spent = False  # its gesture is out (long): what follows belongs to no new one
        self._stuck = False
        self._in_run = False
        self._count = 0  # clicks in the run; stays at 3 after a triple
        self._released_us = 0  # last release edge of the run

    def begin(self, t_us: int, pressed: bool, woken_by_key: bool) -> list[tuple[int, int]]:
        """Say how the key was when the program began. Returns events.

        A press that woke the chip counts from its first edge, even if it has ended meanwhile. A
        key that was closed for another reason is a fault until it opens.
        """
        events: list[tuple[int, int]] = []
        if woken_by_key:
            self._press(t_us, events)
            if not pressed:
                # Its true length is lost; it was long enough to wake the chip.
                self._closed_us = self._glitch_us
                self._closed = False
        elif pressed:
            self._press(t_us, [])
            self._in_run = False
            self._spent = self._stuck = True
            events.append((STUCK, t_us))
        self._plan()
        return events

    def edge(self, t_us: int, pressed: bool) -> list[tuple[int, int]]:
        """The key closed or opened at `t_us`. A repeated level changes nothing."""
        events = self.advance(t_us) if t_us >= self.deadline_us else []
        if pressed == self._closed:
            return events
        if pressed:
            if self._in_contact:
                self._closed = True
                self._edge_us = t_us
            else:
                self._press(t_us, events)
        else:
            self._closed_us += t_us - self._edge_us
            self._closed = False
            self._edge_us = t_us
        self._plan()
        return events

    def advance(self, now_us: int) -> list[tuple[int, int]]:
        """Decide all that is due at `now_us`."""
        events: list[tuple[int, int]] = []
        while self.deadline_us <= now_us:
            t_us = self.deadline_us
            if not self._in_contact:
                self._end_run(t_us, events)
            elif not self._closed and t_us == self._edge_us + self._release_us:
                self._release(t_us, events)
            elif not self._spent:
                self._hold(t_us, events)
            else:
                self._stuck = True
                events.append((STUCK, t_us))
            self._plan()
        return events

    def _press(self, t_us, events):
        self._in_contact = self._closed = True
        self._edge_us = self._pressed_us = t_us
        self._closed_us = 0
        if not self._in_run:
            self._in_run = True
            self._count = 0
            events.append((DOWN, t_us))

    def _release(self, t_us, events):
        """The opening has lasted `release_ms`: the contact is over."""
        self._in_contact = False
        if self._spent:
            if self._stuck:
                events.append((RELEASED, t_us))
            self._spent = self._stuck = self._in_run = False
        elif self._closed_us < self._glitch_us:
            if not self._count:
                self._in_run = False
        else:
            self._released_us = self._edge_us
            if self._count < TRIPLE:
                self._count += 1
                if self._count == TRIPLE:
                    events.append((TRIPLE, t_us))

    def _hold(self, t_us, events):
        """The contact has lasted `long_ms`; an opening not yet confirmed still counts as held."""
        closed_us = self._closed_us + (t_us - self._edge_us if self._closed else 0)
        if closed_us < self._glitch_us:
            self._pressed_us = t_us  # noise that never ends is still noise
        else:
            self._spent = True
            events.append((LONG, t_us))

    def _end_run(self, t_us, events):
        if self._count < TRIPLE:
            events.append((self._count, t_us))  # SINGLE is 1, DOUBLE is 2
        self._in_run = False

    def _plan(self):
        if self._in_contact:
            if not self._spent:
                t_us = self._pressed_us + self._long_us
            elif not self._stuck:
                t_us = self._pressed_us + self._stuck_us
            else:
                t_us = _NEVER
            if not self._closed:
                t_us = min(t_us, self._edge_us + self._release_us)
        elif self._in_run:
            t_us = self._released_us + self._gap_us
            # A glitch that ended later may have hidden the moment.
            t_us = max(t_us, self._edge_us + self._release_us)
        else:
            t_us = _NEVER
        self.deadline_us = t_us
