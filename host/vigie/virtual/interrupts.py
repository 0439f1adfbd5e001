"""Interrupts on their way to the program, with the chip's ways to lose them.

The scheduler of the chip holds eight callbacks of pins and timers; one more is lost, and nothing
tells the program. While flash is written interrupts are masked, and the hardware remembers one of
each source: of many edges of a pin one is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

SCHEDULER_DEPTH = 8


class Event(IntEnum):
    """Kinds of interrupts: the numbers of shims/ops.py."""

    PIN = 1
    TIMER = 2
    RX = 3
    BLE = 4
    BLE_ACTIVE = 5
    I2S = 6


class Which(IntEnum):
    """Which interrupts the VM can take now."""

    NOTHING = 0
    CONSOLE = 1
    HANDLERS = 2
    ALL = 3


@dataclass(slots=True)
class Interrupt:
    """One interrupt, as integers and bytes."""

    kind: Event
    words: tuple[int, ...] = ()
    data: bytes = b""

    @property
    def scheduled(self) -> bool:
        """Whether it goes through the chip's scheduler; the radio and the console do not."""
        return self.kind in (Event.PIN, Event.TIMER)


class Interrupts:
    """Those that the program has not begun to handle."""

    def __init__(self) -> None:
        self._queue: list[Interrupt] = []
        self._latched: list[tuple[int, tuple[int, ...]]] | None = None

    def add(self, interrupt: Interrupt) -> bool:
        """Whether it is on its way, or lost."""
        if interrupt.scheduled:
            if self._latched is not None:
                source = (interrupt.kind, interrupt.words)
                if source in self._latched:
                    return False
                self._latched.append(source)
            if sum(i.scheduled for i in self._queue) >= SCHEDULER_DEPTH:
                return False
        self._queue.append(interrupt)
        return True

    def mask(self) -> None:
        """From now on the hardware remembers one interrupt of each source."""
        self._latched = []

    def unmask(self) -> None:
        """It tells of each again."""
        self._latched = None

    def waiting(self, which: Which) -> int:
        """How many there are of these."""
        if which is Which.ALL:
            return len(self._queue)
        return sum(map(_TAKES[which], self._queue))

    def take(self, which: Which) -> Interrupt | None:
        """The oldest of these: its handler begins."""
        takes = _TAKES[which]
        for i, interrupt in enumerate(self._queue):
            if takes(interrupt):
                return self._queue.pop(i)
        return None

    def cut_typed(self, byte: int) -> bool:
        """Take away what was typed up to the last of this byte; whether it was typed at all."""
        last = max((i for i, x in enumerate(self._queue) if _is_typed(x) and byte in x.data),
                   default=None)  # fmt: skip
        if last is None:
            return False
        rest = self._queue[last]
        rest.data = rest.data[rest.data.rfind(byte) + 1 :]
        self._queue = [
            x for i, x in enumerate(self._queue) if i > last or not _is_typed(x) or x is rest
        ]
        if not rest.data:
            self._queue.remove(rest)
        return True

    def has_typed(self, byte: int) -> bool:
        """Whether this byte was typed and has not been read."""
        return any(_is_typed(x) and byte in x.data for x in self._queue)


def _is_typed(interrupt: Interrupt) -> bool:
    return interrupt.kind is Event.RX


_TAKES: dict[Which, Callable[[Interrupt], bool]] = {
    Which.NOTHING: lambda i: False,
    Which.CONSOLE: _is_typed,
    Which.HANDLERS: lambda i: not _is_typed(i),
    Which.ALL: lambda i: True,
}
