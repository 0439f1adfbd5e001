"""Edges of the key go in, presses come out: bounce, chatter and noise are taken away here.

A closing counts from its first edge, but only once the key has been closed for `glitch_ms`: less
is noise (a spark, a touch, hum on a wet lead). Closings up to `JOIN_US` apart are one closing that
bounces. A press is over when the key has been open for `release_ms`; what closes it meanwhile and
turns out to be noise does not count, so noise can neither make, break nor lengthen a press.
"""

JOIN_US = 8000
"""Closings this close together are one that bounces. Bounce comes in bursts with pauses of half a
millisecond (research on the harness, B.3); pulses of mains hum are 10 or 20 ms apart."""

TOUCHED, NOISE, PRESSED, OPENED = 1, 2, 3, 4
NEVER = 1 << 60


class Contact:
    """The key's contact. `edge` and `advance` return what happened, or 0 for nothing.

    TOUCHED: the key closed; whether it is a press is not known. NOISE: it was none. PRESSED: it is
    a press, since `pressed_us`. OPENED: the press is over, since `opened_us`.
    """

    def __init__(self, glitch_us: int, release_us: int):
        self.deadline_us = NEVER
        self.pressed = False
        self.pressed_us = 0
        self.opened_us = 0
        self.touched = False  # a closing that may yet be noise
        self.touched_us = 0
        self._glitch_us = glitch_us
        self._release_us = release_us
        self._closed = False  # the level after the last edge
        self._edge_us = 0
        self._closed_us = 0  # how long the closing in question was closed, without its openings
        self._solid = False  # pressed, and not open in between

    def begin(self, t_us: int, closed: bool) -> None:
        """It is pressed since `t_us` for certain, and now closed or already open again."""
        self.pressed = True
        self.pressed_us = self._edge_us = self.opened_us = t_us
        self._closed = self._solid = closed
        self._plan()

    def edge(self, t_us: int, closed: bool) -> int:
        """The key closed or opened; `advance` has been called up to `t_us`."""
        if closed == self._closed:
            return 0
        self._closed = closed
        change = 0
        if not closed:
            if self._solid:
                self._solid = False
                self.opened_us = t_us
            elif not self.pressed:
                self._closed_us += t_us - self._edge_us
        elif not self.touched:
            self.touched = True
            self.touched_us = t_us
            self._closed_us = 0
            change = 0 if self.pressed else TOUCHED
        self._edge_us = t_us
        self._plan()
        return change

    def stale(self, t_us: int) -> bool:
        """Whether the touch has gone on for too long without becoming a press: it is noise."""
        if not self.touched or self._closed:
            return False
        if self.pressed:
            return t_us - self.opened_us > 2 * self._release_us
        return t_us - self.touched_us > self._release_us

    def advance(self) -> int:
        """What `deadline_us`, which has come, decides."""
        t_us = self.deadline_us
        if self.touched and self._closed:
            self.touched = False
            self._solid = True
            if not self.pressed:
                self.pressed = True
                self.pressed_us = self.touched_us
                self._plan()
                return PRESSED
        elif self.touched:
            return self.forget()
        elif self.pressed and t_us >= self.opened_us + self._release_us:
            self.pressed = False
            self._plan()
            return OPENED
        self._plan()
        return 0

    def forget(self) -> int:
        """The touch was noise."""
        self.touched = False
        self._plan()
        return 0 if self.pressed else NOISE

    def _plan(self):
        if self.touched and self._closed:
            self.deadline_us = self._edge_us + self._glitch_us - self._closed_us
        elif self.touched:
            self.deadline_us = self._edge_us + JOIN_US
        elif self.pressed and not self._closed:
            self.deadline_us = max(self.opened_us + self._release_us, self._edge_us)
        else:
            self.deadline_us = NEVER
